import { MarginError } from '../../base/pure/marginError';
import { draftsByPrompt, personJudge } from '../../run/rounds/decisions';
import { appendJudgements, readJudgements } from '../../run/rounds/lines';
import type { Draft, Judgement } from '../../run/rounds/types';

export interface Imported {
  readonly imported: number;
  /** Lines about other judges, or about drafts that this round does not have. */
  readonly leftOut: number;
  /** Lines that hold no judgement. */
  readonly damaged: number;
}

/**
 * Appends a person's judgements from a file, such as the judgements.jsonl of a colleague. Lines that the round has are
 * not appended again.
 *
 * @throws MarginError `missing` if there is no file; `no-judgements` if none is about this round
 */
export async function importJudgements(from: string, drafts: readonly Draft[], path: string): Promise<Imported> {
  const { lines, damaged } = await readJudgements(from);
  const byPrompt = draftsByPrompt(drafts);
  const known = new Set((await readJudgements(path)).lines.map((line) => JSON.stringify(line)));
  const isOurs = ({ judge, prompt_key: key, best, worst, edited }: Judgement): boolean => {
    const own = byPrompt.get(key);
    const named = [best, worst, edited ? edited.draft : null].filter((draft) => draft !== null);
    return judge === personJudge && own !== undefined && named.every((n) => own.some(({ draft }) => draft === n));
  };
  const ours = lines.filter(isOurs);
  if (ours.length === 0)
    throw new MarginError('no-judgements', `${from} has no judgement of a person about the drafts of this round.`, {
      path: from,
    });
  const fresh = ours.filter((line) => !known.has(JSON.stringify(line)));
  appendJudgements(path, fresh);
  return { imported: fresh.length, leftOut: lines.length - ours.length, damaged };
}

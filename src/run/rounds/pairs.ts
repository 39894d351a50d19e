import { replaceFile } from '../../base/node/replaceFile';
import type { Message } from '../../pairs/pair';
import { type Decision, draftsByPrompt } from './decisions';
import type { Draft } from './types';

/** Where a pair of a round comes from. `seed` and `temperature` are those of the chosen draft. */
export interface Provenance {
  readonly model: string;
  readonly checkpoint: string | null;
  /** Null: the model takes none. */
  readonly seed: number | null;
  readonly temperature: number;
  readonly judge: string;
  readonly by: string | null;
  readonly round: number;
  /** True if a person changed the text of an answer. */
  readonly edited: boolean;
}

/** A line of pairs.jsonl: TRL's conversational format with an explicit prompt. */
export interface RoundPair {
  readonly prompt: readonly Message[];
  readonly chosen: readonly Message[];
  readonly rejected: readonly Message[];
  readonly margin_provenance: Provenance;
}

/** The pairs of a judge, and how many of its decisions gave none. */
export interface JudgedPairs {
  readonly pairs: readonly RoundPair[];
  readonly ties: number;
  readonly allBad: number;
  readonly skipped: number;
  /** Ranked decisions whose drafts are gone, or have the same text. */
  readonly unusable: number;
}

/** The pairs that the decisions of a judge make of some drafts. Nobody trains on ties and on bad answers. */
export function judgedPairs(
  drafts: readonly Draft[],
  decisions: readonly Decision[],
  of: { readonly judge: string; readonly round: number },
): JudgedPairs {
  const byPrompt = draftsByPrompt(drafts);
  const count = (verdict: Decision['verdict']): number => decisions.filter((one) => one.verdict === verdict).length;
  const pairs = decisions.flatMap((decision) => {
    const own = byPrompt.get(decision.prompt_key);
    const pair = own && decision.verdict === 'ranked' ? pairOf(own, decision, of) : null;
    return pair ? [pair] : [];
  });
  const unusable = count('ranked') - pairs.length;
  return { pairs, ties: count('tie'), allBad: count('all-bad'), skipped: count('skipped'), unusable };
}

function pairOf(
  drafts: readonly Draft[],
  { best, worst, edited, by }: Decision,
  { judge, round }: { readonly judge: string; readonly round: number },
): RoundPair | null {
  const [chosen, rejected] = [best, worst].map((draft) => drafts.find((one) => one.draft === draft));
  if (!chosen || !rejected) return null;
  const text = (draft: Draft): string => (edited?.draft === draft.draft ? edited.text : draft.text);
  if (text(chosen) === text(rejected)) return null;
  const answer = (draft: Draft): Message[] => [{ role: 'assistant', content: text(draft) }];
  const { prompt, model, checkpoint, seed, temperature } = chosen;
  const isEdited = [chosen, rejected].some((draft) => text(draft) !== draft.text);
  return {
    prompt,
    chosen: answer(chosen),
    rejected: answer(rejected),
    margin_provenance: { model, checkpoint, seed, temperature, judge, by, round, edited: isEdited },
  };
}

/** Replaces pairs.jsonl. Errors as `replaceFile`. */
export async function writeRoundPairs(path: string, pairs: readonly RoundPair[]): Promise<void> {
  await replaceFile(
    path,
    pairs.map((pair) => `${JSON.stringify(pair)}\n`),
  );
}

import { nullIfMissing } from '../../base/node/jsonFile';
import { readLines } from '../../base/node/readLines';
import { MarginError } from '../../base/pure/marginError';
import { readRun } from '../../run/find';
import { readDrafts, readJudgements } from '../../run/rounds/lines';
import { roundPaths } from '../../run/rounds/paths';
import { readRounds } from '../../run/rounds/record';
import type { RoundsRecord } from '../../run/rounds/types';
import type { ReadRound } from './roundFacts';

/** A pair has its prompt and two answers, some 100 KB at most. */
const maxLineBytes = 16 << 20;

/** A round as its files are, and the number of their lines that hold nothing readable. */
export type RoundOnDisk = ReadRound & { readonly damaged: number };

/**
 * Reads the files of a round.
 *
 * @param wanted the number of the round; null, or one that does not exist, for the last
 * @throws MarginError `no-rounds` if the folder holds none; those of `readRounds` and `readDrafts`
 */
export async function readRound(folder: string, wanted: number | null): Promise<RoundOnDisk> {
  const record = await readRounds(folder);
  const round = record?.rounds.find((one) => one.round === wanted) ?? record?.rounds.at(-1);
  if (record === null || round === undefined)
    throw new MarginError('no-rounds', `${folder} holds no rounds. Begin with Margin: Next Round….`, { folder });
  const drafts = await readDrafts(roundPaths.drafts(folder, round.round));
  const judgements = await readJudgements(roundPaths.judgements(folder, round.round));
  return {
    record,
    round,
    drafts: drafts.lines,
    judgements: judgements.lines,
    pairs: await pairCounts(folder, record),
    run: await runOf(round.run),
    damaged: drafts.damaged + judgements.damaged,
  };
}

async function pairCounts(folder: string, { rounds }: RoundsRecord): Promise<ReadonlyMap<number, number>> {
  const counts = new Map<number, number>();
  for (const { round, run } of rounds)
    if (run !== null) {
      const count = await nullIfMissing(lineCount(roundPaths.pairs(folder, round)));
      if (count !== null) counts.set(round, count);
    }
  return counts;
}

async function lineCount(path: string): Promise<number> {
  let count = 0;
  for await (const { text } of readLines(path, maxLineBytes)) if (text !== '') count++;
  return count;
}

/** The run of a round. One that was deleted, or cannot be read, is shown as that. */
async function runOf(folder: string | null): Promise<ReadRound['run']> {
  if (folder === null) return null;
  try {
    const { name, status } = await readRun(folder);
    return { folder, name, status };
  } catch (error) {
    if (error instanceof MarginError) return { folder, name: folder, status: 'unreadable' };
    throw error;
  }
}

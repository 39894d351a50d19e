import { join } from 'node:path';
import { seededRandom } from '../../base/pure/seededRandom';
import { at } from '../../base/pure/must';
import { MarginError } from '../../base/pure/marginError';
import { readPairs } from '../../jsonl/node/readPairs';
import { writeJsonLines } from '../../jsonl/node/writeRows/jsonLines';
import type { Reading } from '../../pairs/reading';
import { decisionsOf } from '../../run/rounds/decisions';
import { readDrafts, readJudgements } from '../../run/rounds/lines';
import { type JudgedPairs, judgedPairs, writeRoundPairs } from '../../run/rounds/pairs';
import { roundPaths } from '../../run/rounds/paths';

/** Old pairs that are mixed with the new ones. */
export interface Mix {
  /** Their share of all trained pairs, from 0 and below 1. */
  readonly share: number;
  /** Null: the pairs of earlier rounds. */
  readonly file: string | null;
}

/** The pairs of a round, as it trains on them. */
export interface RoundData {
  readonly judged: JudgedPairs;
  readonly train: string;
  /** Old pairs among them. */
  readonly old: number;
}

/** The pairs that a judge's decisions make, written to pairs.jsonl. @throws MarginError `no-judgements` */
export async function writePairs(folder: string, round: number, judge: string): Promise<JudgedPairs> {
  const { lines: drafts } = await readDrafts(roundPaths.drafts(folder, round));
  const { lines } = await readJudgements(roundPaths.judgements(folder, round));
  const judged = judgedPairs(drafts, decisionsOf(lines, judge), { judge, round });
  if (judged.pairs.length === 0) {
    const others = [...new Set(lines.map((line) => line.judge))].filter((one) => one !== judge);
    const hint = others.length === 0 ? 'Nobody has judged its drafts yet.' : `Judged by: ${others.join(', ')}.`;
    const message = `Round ${round} has no pair by the judge ${judge}: ${judged.ties} ties, ${judged.allBad} all bad, ${judged.skipped} skipped. ${hint}`;
    throw new MarginError('no-judgements', message, { folder, judge });
  }
  await writeRoundPairs(roundPaths.pairs(folder, round), judged.pairs);
  return judged;
}

/** The file that a round trains on: its pairs, or with a mix another file that has old pairs too. */
export async function roundData(
  folder: string,
  round: number,
  judged: JudgedPairs,
  { share, file }: Mix,
  reading: Reading,
): Promise<RoundData> {
  const own = roundPaths.pairs(folder, round);
  const wanted = Math.round((share / (1 - share)) * judged.pairs.length);
  if (wanted === 0) return { judged, train: own, old: 0 };
  const earlier = Array.from({ length: round - 1 }, (_, i) => roundPaths.pairs(folder, i + 1));
  const rows: string[] = [];
  for (const path of file === null ? earlier : [file]) rows.push(...(await pairRows(path, reading)));
  if (rows.length === 0) {
    const message =
      'There are no old pairs to mix with: the first round has none before it. Name some with --mix_file FILE.';
    throw new MarginError('nothing-to-mix', message, { folder });
  }
  const old = drawn(rows, Math.min(wanted, rows.length), round);
  const train = join(roundPaths.round(folder, round), 'train.jsonl');
  await writeJsonLines([...judged.pairs.map((pair) => JSON.stringify(pair)), ...old], train);
  return { judged, train, old: old.length };
}

async function pairRows(path: string, reading: Reading): Promise<string[]> {
  const rows: string[] = [];
  for await (const { result, value } of readPairs(path, { reading }))
    if (result.kind === 'pair') rows.push(JSON.stringify(value));
  return rows;
}

/** Some rows at random, in their order. */
function drawn(rows: readonly string[], count: number, seed: number): string[] {
  const random = seededRandom(seed);
  const places = rows.map((_, i) => ({ i, place: random() })).sort((a, b) => a.place - b.place);
  return places
    .slice(0, count)
    .sort((a, b) => a.i - b.i)
    .map(({ i }) => at(rows, i));
}

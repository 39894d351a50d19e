import { openRegular } from '../../../base/node/smallFile';
import { keyNumber } from '../../../pairs/keyNumber';
import { marksName } from '../../../pairs/marks/marksName';
import { type PositionBias, positionBiases } from '../../../pairs/marks/positionBias';
import { type MarkCounts, MarkTally } from '../../../pairs/marks/tally';
import type { Mark } from '../../../pairs/marks/mark';
import type { Reading } from '../../../pairs/reading';
import { errorCode } from '../../../base/pure/marginError';
import { lastCommitOf } from '../git/committedCopy';
import { pairKeys } from '../pairKey';
import { readPairs } from '../readPairs';
import { type DamagedLine, MarksFile } from './marksFile';

/** What reviewers say of a data file. */
export interface MarksReport {
  readonly marksFile: string;
  /** Rows that hold one pair. */
  readonly pairs: number;
  /** Pairs with a verdict of at least one reviewer. */
  readonly reviewed: number;
  /** Pairs with a verdict that is newer than the last commit of the file; null if git has no commit of it. */
  readonly reviewedSinceCommit: number | null;
  /** By reviewer, the one with the most verdicts first. */
  readonly reviewers: readonly { readonly by: string; readonly counts: MarkCounts }[];
  /** Pairs that somebody adjudicated. */
  readonly adjudicated: number;
  readonly biases: readonly PositionBias[];
  /** Saved edits in the log. */
  readonly edits: number;
  readonly damaged: readonly DamagedLine[];
  readonly unknownRecords: number;
}

/**
 * Counts the marks of the pairs of a data file.
 *
 * @throws MarginError `missing` if the file has no marks file; errors of reading
 */
export async function marksOfFile(file: string, reading: Reading): Promise<MarksReport> {
  const marks = new MarksFile(marksName(file));
  // A marks file that does not exist reads as empty.
  await (await openRegular(marks.path)).close();
  await marks.read();
  const { book, damaged, unknownRecords } = marks;
  const names = [...new Set([...book.all()].filter(({ adjudicates }) => !adjudicates).map(({ by }) => by))];
  const tallies = new Map(names.map((by) => [by, new MarkTally()]));
  const found: Mark[] = [];
  const committed = await commitTime(file);
  let [pairs, reviewed, since, adjudicated] = [0, 0, 0, 0];
  for await (const { result } of readPairs(file, { reading })) {
    if (result.kind !== 'pair') continue;
    pairs++;
    const { own, exchanged } = pairKeys(result.pair);
    const ofPair = book.marksOf(keyNumber(own), keyNumber(exchanged));
    if (ofPair.some(({ verdict }) => verdict !== null)) reviewed++;
    if (ofPair.some(({ verdict, at }) => verdict !== null && Date.parse(at) > (committed ?? Infinity))) since++;
    if (ofPair.some(({ adjudicates, verdict }) => adjudicates && verdict !== null)) adjudicated++;
    for (const [by, tally] of tallies) tally.add(ofPair.find((mark) => mark.by === by && !mark.adjudicates) ?? null);
    found.push(...ofPair);
  }
  const reviewers = [...tallies].map(([by, { counts }]) => ({ by, counts }));
  reviewers.sort((a, b) => a.counts.unreviewed - b.counts.unreviewed || (a.by < b.by ? -1 : 1));
  const edits = book.edits.length;
  return {
    marksFile: marks.path,
    pairs,
    reviewed,
    reviewedSinceCommit: committed === null ? null : since,
    reviewers,
    adjudicated,
    biases: positionBiases(found),
    edits,
    damaged,
    unknownRecords,
  };
}

/** What git says if it has no commit of a file. */
const withoutCommit: ReadonlySet<string | undefined> = new Set(['git-missing', 'not-in-repository', 'no-commit']);

/** When a file was last committed, in milliseconds since 1970; null if it never was. */
async function commitTime(file: string): Promise<number | null> {
  try {
    const commit = await lastCommitOf(file, { program: 'git' });
    return commit && commit.time;
  } catch (error) {
    if (withoutCommit.has(errorCode(error))) return null;
    throw error;
  }
}

import { join } from 'node:path';
import { makeFolder } from '../base/node/makeFolder';
import { MarginError } from '../base/pure/marginError';
import { readPairs } from '../jsonl/node/readPairs';
import { promptPlace } from '../jsonl/node/split/promptPlace';
import { splitTurns } from '../jsonl/node/split/rowGroups';
import { suspectPaths } from '../jsonl/node/suspects/suspectsFile';
import { writeJsonLines } from '../jsonl/node/writeRows/jsonLines';
import type { Reading } from '../pairs/reading';

/** A part of a file, and the rest of it. */
export interface Fold {
  /** `fold-2-of-5`, also the name of its run. */
  readonly name: string;
  /** The rows of the other folds. */
  readonly train: string;
  /** The rows of the fold. */
  readonly held: string;
}

/** Which prompts share a fold. Always the same, so that a later call finds the runs of an earlier one. */
const foldSeed = 42;

/**
 * Divides a file into folds by their prompts, and writes each fold and its rest beside the saved suspects.
 *
 * @param count at least 2
 * @throws MarginError `empty-split` if a fold has no rows; those of reading and writing
 */
export async function foldsOf(file: string, reading: Reading, count: number): Promise<readonly Fold[]> {
  const folder = suspectPaths(file).found.replace(/\.jsonl$/, '.folds');
  await makeFolder(folder);
  const folds = Array.from({ length: count }, (_, i): Fold => {
    const name = `fold-${i + 1}-of-${count}`;
    return { name, train: join(folder, `${name}.rest.jsonl`), held: join(folder, `${name}.jsonl`) };
  });
  for (const [i, { train, held }] of folds.entries()) {
    const sizes = [
      await writeJsonLines(
        rowsWhere(file, reading, (place) => Math.floor(place * count) === i),
        held,
      ),
      await writeJsonLines(
        rowsWhere(file, reading, (place) => Math.floor(place * count) !== i),
        train,
      ),
    ];
    if (sizes.every((size) => size > 0)) continue;
    const message = `${file} has too few prompts for ${count} folds: fold ${i + 1} would be empty, or hold every row. Give --cross_fit a smaller number.`;
    throw new MarginError('empty-split', message, { file });
  }
  return folds;
}

/** The rows with answers whose prompts have a place, in [0, 1), that is wanted. */
async function* rowsWhere(file: string, reading: Reading, wants: (place: number) => boolean): AsyncGenerator<string> {
  for await (const { text, result } of readPairs(file, { reading })) {
    const turns = splitTurns(result);
    if (turns && wants(promptPlace(turns, foldSeed))) yield text.trim();
  }
}

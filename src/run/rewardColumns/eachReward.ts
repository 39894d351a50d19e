import { readLines } from '../../base/node/readLines';
import type { Breathing } from '../../base/pure/breathing';
import { maxRewardLine, rewardIn } from '../rewardLine';
import type { PairReward } from '../types';
import { ColumnsBuilder, type MemoryColumns } from './columnsBuilder';

/** Lets a program without other work go on. */
export const noSlices: Breathing = { breathe: () => Promise.resolve(false) };

/**
 * Reads a file of rewards line by line, in slices. A run writes such a file completely or not at all, so one bad line
 * means that the file is damaged.
 *
 * @param take called with each line's reward, and its file and line
 * @param read called with the characters read so far
 * @throws MarginError `corrupt` with file and line, `missing`, `not-a-file`, and others of {@link readLines}
 */
export async function eachReward(
  file: string,
  take: (reward: PairReward, place: string) => unknown,
  slices: Breathing,
  read: (characters: number) => void = () => undefined,
): Promise<void> {
  let characters = 0;
  for await (const { number, text } of readLines(file, maxRewardLine)) {
    characters += text.length + 1;
    if (await slices.breathe()) read(characters);
    const place = `${file}:${number}`;
    if (text !== '') take(rewardIn(text, place), place);
  }
}

/** The rewards of a file by column, in memory. Errors as {@link eachReward}. */
export async function columnsOfLines(
  file: string,
  slices: Breathing,
  read?: (characters: number) => void,
): Promise<MemoryColumns> {
  const builder = new ColumnsBuilder();
  await eachReward(file, (reward, place) => builder.add(reward, place), slices, read);
  return builder.finish();
}

import { readLines } from '../base/node/readLines';
import { nullIfMissing } from '../base/node/jsonFile';
import { maxRewardLine, rewardIn } from '../run/rewardLine';
import type { PairReward } from '../run/types';
import { keyNumber } from '../pairs/keyNumber';
import { ColumnsBuilder } from '../run/rewardColumns/columnsBuilder';
import type { RewardColumns } from '../run/rewardColumns/rewardColumns';
import { Slices } from './pairEditor/slices';

/**
 * Reads a file of rewards line by line, in slices that keep the host responsive. A run writes such a file completely or
 * not at all, so one bad line means that the file is damaged.
 *
 * @param take called with each line's reward, and its file and line
 * @throws MarginError `corrupt` with file and line, `missing`, `not-a-file`, and others of {@link readLines}
 */
export async function eachReward(file: string, take: (reward: PairReward, place: string) => unknown): Promise<void> {
  const slices = new Slices();
  for await (const { number, text } of readLines(file, maxRewardLine)) {
    await slices.breathe();
    const place = `${file}:${number}`;
    if (text !== '') take(rewardIn(text, place), place);
  }
}

/**
 * The margins of a file of rewards, by the {@link keyNumber} of their pair. A missing file has none: a run need not
 * score before its first step. Errors as {@link eachReward}.
 */
export async function marginsOf(file: string): Promise<ReadonlyMap<number, number>> {
  const margins = new Map<number, number>();
  await nullIfMissing(eachReward(file, ({ key, margin }) => margins.set(keyNumber(key), margin)));
  return margins;
}

/** The rewards of a file by column. Errors as {@link eachReward}. */
export async function readColumns(file: string): Promise<RewardColumns> {
  const builder = new ColumnsBuilder();
  await eachReward(file, (reward, place) => builder.add(reward, place));
  return builder.finish();
}

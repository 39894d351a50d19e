import { readLines } from '../base/node/readLines';
import { parseJsonObject } from '../base/node/smallFile';
import { isRecord } from '../base/pure/isRecord';
import { MarginError } from '../base/pure/marginError';
import { nullIfMissing } from '../base/node/jsonFile';
import type { PairReward, SideReward } from '../run/types';
import { keyNumber } from '../pairs/keyNumber';
import { Slices } from './pairEditor/slices';

/** A line with log-probs of each token takes 60 bytes per token, so this holds 100,000 tokens. */
const maxLineBytes = 8 << 20;

/**
 * Reads a file of rewards line by line, in slices that keep the host responsive. A run writes such a file completely or
 * not at all, so one bad line means that the file is damaged.
 *
 * @param take called with each line's reward
 * @throws MarginError `corrupt` with file and line, `missing`, `not-a-file`, and others of {@link readLines}
 */
export async function eachReward(file: string, take: (reward: PairReward) => unknown): Promise<void> {
  const slices = new Slices();
  for await (const { number, text } of readLines(file, maxLineBytes)) {
    await slices.breathe();
    if (text !== '') take(rewardOf(text, `${file}:${number}`));
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

function rewardOf(line: string, place: string): PairReward {
  const value = parseJsonObject(line, place);
  if (isReward(value)) return value;
  throw new MarginError(
    'corrupt',
    `${place} is not the reward of a pair: the file is damaged. Score again, or delete it.`,
    {
      place,
    },
  );
}

function isReward(value: Partial<Record<keyof PairReward, unknown>>): value is PairReward & typeof value {
  const { row, line, key, chosen, rejected, margin } = value;
  return (
    isCount(row) &&
    isCount(line) &&
    typeof key === 'string' &&
    isSide(chosen) &&
    isSide(rejected) &&
    Number.isFinite(margin)
  );
}

function isSide(value: unknown): value is SideReward {
  if (!isRecord(value)) return false;
  const { logp, ref_logp: reference, reward, tokens, ids, logps, ref_logps: references } = value;
  const numbers = [logp, reference, reward, tokens];
  const lists = [ids, logps, references];
  return (
    numbers.every(Number.isFinite) &&
    lists.every((list) => list === undefined || (Array.isArray(list) && list.every(Number.isFinite)))
  );
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;

import { readLines } from '../base/node/readLines';
import { parseJsonObject } from '../base/node/smallFile';
import { isRecord } from '../base/pure/isRecord';
import { MarginError } from '../base/pure/marginError';
import { nullIfMissing } from '../base/node/jsonFile';
import type { PairReward, SideReward } from '../run/types';
import { shortKey } from './pairEditor/rowIdentity';
import { Slices } from './pairEditor/slices';

/** A line with log-probs of each token takes 60 bytes a token; 100,000 tokens fit. */
const maxLineBytes = 8 << 20;

/**
 * Every line of a file of rewards, in slices that leave the host responsive. A run writes such a file whole or not at
 * all, so one bad line means that the file is damaged.
 *
 * @throws MarginError `corrupt` naming file and line, `missing`, `not-a-file`, and others of {@link readLines}
 */
export async function eachReward(file: string, take: (reward: PairReward) => void): Promise<void> {
  const slices = new Slices();
  for await (const { number, text } of readLines(file, maxLineBytes)) {
    await slices.breathe();
    if (text !== '') take(rewardOf(text, `${file}:${number}`));
  }
}

/**
 * Margins of a file of rewards by the short key of their pair; none where the file is missing: a run may not have
 * scored before its first step. Errors as {@link eachReward}.
 */
export async function marginsOf(file: string): Promise<ReadonlyMap<number, number>> {
  const margins = new Map<number, number>();
  await nullIfMissing(eachReward(file, ({ key, margin }) => void margins.set(shortKey(key), margin)));
  return margins;
}

function rewardOf(line: string, place: string): PairReward {
  const value = parseJsonObject(line, place);
  if (isReward(value)) return value;
  throw new MarginError('corrupt', `${place} is no reward of a pair: the file is damaged. Score again, or delete it.`, {
    place,
  });
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

import { parseJsonObject } from '../base/node/smallFile';
import { isRecord } from '../base/pure/isRecord';
import { MarginError } from '../base/pure/marginError';
import type { PairReward, SideReward } from './types';

/** Most bytes of a line of rewards. With log-probs of each token it takes 80 bytes per token: 100,000 tokens. */
export const maxRewardLine = 8 << 20;

/**
 * The reward of a line of a file of rewards.
 *
 * @param place file and line, for the message
 * @throws MarginError `corrupt`
 */
export function rewardIn(line: string, place: string): PairReward {
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
  const { row, line, key, beta, chosen, rejected, margin } = value;
  return (
    isCount(row) &&
    isCount(line) &&
    isKey(key) &&
    isSide(chosen) &&
    isSide(rejected) &&
    (beta === undefined || Number.isFinite(beta)) &&
    Number.isFinite(margin)
  );
}

function isSide(value: unknown): value is SideReward {
  if (!isRecord(value)) return false;
  const { logp, ref_logp: reference, reward, tokens, ids, logps, ref_logps: references, texts } = value;
  const numbers = [logp, reference, reward, tokens];
  const lists = [ids, logps, references];
  return (
    numbers.every(Number.isFinite) &&
    lists.every((list) => list === undefined || (Array.isArray(list) && list.every(Number.isFinite))) &&
    (texts === undefined || (Array.isArray(texts) && texts.every(isText)))
  );
}

const isText = (value: unknown): boolean =>
  typeof value === 'string' || (isRecord(value) && typeof value['special'] === 'string');

/** See {@link PairReward.key}. */
const isKey = (value: unknown): boolean => typeof value === 'string' && /^[\da-f]{16}$/.test(value);

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;

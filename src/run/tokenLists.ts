import { MarginError } from '../base/pure/marginError';
import type { AnswerTokens, PairTokens } from '../pairs/tokenRewards/pairTokens';
import type { PairReward, SideReward } from './types';

/**
 * The tokens of a scored pair.
 *
 * @param place file and line, for the message
 * @throws MarginError `no-token-rewards` if it was scored without them, or lists differ in length
 */
export function tokensOf({ beta, chosen, rejected, ...pair }: PairReward, place: string): PairTokens {
  const [one, other] = [listsOf(chosen), listsOf(rejected)];
  if (beta === undefined || !one || !other) {
    const message = `${place} has no rewards of tokens. Score its file with: margin score FILE --per_token --out REWARDS`;
    throw new MarginError('no-token-rewards', message, { place });
  }
  return { ...pair, beta, chosen: one, rejected: other };
}

function listsOf({ ids, logps, ref_logps, texts, reward }: SideReward): AnswerTokens | null {
  if (!ids || !logps || !ref_logps || !texts) return null;
  const isWhole = [logps, ref_logps, texts].every((list) => list.length === ids.length);
  return isWhole ? { ids, logps, ref_logps, texts, reward } : null;
}

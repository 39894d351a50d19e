import { MarginError } from '../base/pure/marginError';
import { at } from '../base/pure/must';
import { packPairs } from '../engine/packPairs';
import type { ScoreSession, TokenizedPair } from '../engine/types';
import { proportion } from '../pairs/statistics/proportion';
import { draftsByPrompt } from '../run/rounds/decisions';
import type { Draft, HeldOutMeasure, WinRate } from '../run/rounds/types';
import { stopped } from './answerSource';
import { type Contest, type Judge, winners } from './judges/judge';

/** Pairs that are scored in one run. */
const atOnce = 8;

/** How a held-out set is measured. */
export interface HeldOutWork {
  /** The pairs, all of one tokenizer. */
  readonly pairs: readonly TokenizedPair[];
  readonly policy: ScoreSession;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

/**
 * How often a policy gives the chosen answer the higher mean log-prob per token. It needs no reference, so the base and
 * all rounds are on one line. A tie counts as wrong.
 *
 * @throws MarginError `interrupted` | `not-finite`
 */
export async function heldOutAccuracy({ pairs, policy, signal, onProgress }: HeldOutWork): Promise<HeldOutMeasure> {
  let right = 0;
  for (let first = 0; first < pairs.length; first += atOnce) {
    if (signal.aborted) throw new MarginError('interrupted', stopped);
    onProgress(first, pairs.length);
    const group = pairs.slice(first, first + atOnce);
    const { sequenceLogps } = await policy.score(packPairs(group));
    for (const [i, { chosen, rejected }] of group.entries()) {
      const [a, b] = [at(sequenceLogps, i) / chosen.length, at(sequenceLogps, group.length + i) / rejected.length];
      if (!Number.isFinite(a - b))
        throw new MarginError(
          'not-finite',
          'A log-prob of a held-out answer is not finite. Use an earlier checkpoint.',
        );
      if (a > b) right++;
    }
  }
  onProgress(pairs.length, pairs.length);
  const { share, low, high } = proportion(right, pairs.length);
  return { accuracy: share, low, high, pairs: pairs.length };
}

/**
 * How often the answers of a policy beat those of another one to the same held-out prompts, as a judge says. A tie
 * counts half, also in the interval.
 *
 * @returns null if the two have no prompt in common
 */
export async function winRate(
  judge: Judge,
  own: readonly Draft[],
  other: readonly Draft[],
  signal: AbortSignal,
): Promise<WinRate | null> {
  const theirs = draftsByPrompt(other);
  const contests = [...draftsByPrompt(own)].flatMap(([key, [mine]]): Contest[] => {
    const [their] = theirs.get(key) ?? [];
    return mine && their ? [{ prompt: mine.prompt, a: mine.text, b: their.text }] : [];
  });
  if (contests.length === 0) return null;
  const results = await winners(judge, contests, signal);
  const count = (who: 'a' | 'b' | 'tie'): number => results.filter((one) => one === who).length;
  const [wins, ties, losses] = [count('a'), count('tie'), count('b')];
  const { share, low, high } = proportion(wins + ties / 2, contests.length);
  return { rate: share, low, high, wins, ties, losses, judge: `${judge.id} (${judge.by})` };
}

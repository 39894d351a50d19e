import { readLines } from '../../base/node/readLines';
import { at } from '../../base/pure/must';
import { tokenRewards } from '../../pairs/tokenRewards/tokenRewards';
import { type ExampleQuery, mostExamples, type TokenExample } from '../../protocol/tokenRewards';
import { maxRewardLine, rewardIn } from '../../run/rewardLine';
import { tokensOf } from '../../run/tokenLists';
import { Slices } from '../../editor/slices';
import { snippetOf } from './snippet';

/** How many examples are collected before the weaker ones are dropped. */
const kept = 8 * mostExamples;

/**
 * The places of a token with the highest or the lowest rewards, read from the whole file, in slices that keep the host
 * responsive.
 *
 * @returns at most {@link mostExamples}, the most extreme first; equal ones in the order of the file
 * @throws MarginError as reading rewards; the signal's reason
 */
export async function tokenExamples(
  path: string,
  { id, end }: ExampleQuery,
  signal: AbortSignal,
): Promise<readonly TokenExample[]> {
  const slices = new Slices(signal);
  const sign = end === 'highest' ? -1 : 1;
  const best = (examples: readonly TokenExample[]): TokenExample[] =>
    examples.toSorted((a, b) => sign * (a.reward - b.reward)).slice(0, mostExamples);
  let found: TokenExample[] = [];
  let pair = -1;
  for await (const { number, text } of readLines(path, maxRewardLine)) {
    await slices.breathe();
    if (text === '') continue;
    pair++;
    const place = `${path}:${number}`;
    const { beta, line, ...answers } = tokensOf(rewardIn(text, place), place);
    for (const side of ['chosen', 'rejected'] as const) {
      const { ids, texts, ...logps } = answers[side];
      if (!Array.from(ids).includes(id)) continue;
      const rewards = tokenRewards(beta, logps);
      for (let index = 0; index < ids.length; index++)
        if (ids[index] === id)
          found.push({ pair, line, side, index, reward: at(rewards, index), ...snippetOf(texts, index) });
    }
    if (found.length > kept) found = best(found);
  }
  return best(found);
}

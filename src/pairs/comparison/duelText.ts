import { at } from '../../base/pure/must';
import type { ModelDuel } from './modelComparison';

/** A difference that comes up less often by chance is called one. */
const significant = 0.05;

/**
 * What McNemar's test says of two models, in words.
 *
 * @param names of all models
 */
export function duelText(
  { first, second, onlyFirst, onlySecond, p }: Pick<ModelDuel, 'first' | 'second' | 'onlyFirst' | 'onlySecond' | 'p'>,
  names: readonly string[],
): string {
  const [a, b] = [at(names, first), at(names, second)];
  if (onlyFirst + onlySecond === 0) return `${a} and ${b} are right on the same pairs.`;
  const counts = `Only ${a} is right on ${counted(onlyFirst)}, only ${b} on ${counted(onlySecond)}.`;
  const chance = `Two equally good models differ this much in ${percent(p)} of such comparisons (McNemar’s exact test)`;
  if (p >= significant) return `${counts} ${chance}, so these pairs do not tell which one is better.`;
  return `${counts} ${chance}, so ${onlyFirst > onlySecond ? a : b} is better on these pairs.`;
}

const counted = (pairs: number): string => `${pairs.toLocaleString('en')} ${pairs === 1 ? 'pair' : 'pairs'}`;

function percent(p: number): string {
  if (p < 0.001) return 'less than 0.1 %';
  return `${(100 * p).toFixed(p < 0.1 ? 1 : 0)} %`;
}

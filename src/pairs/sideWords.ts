import { wordsOf } from './sideColumns';

/**
 * Words that tools use for the worse and the better answer. Longer ones come first, because "non preferred" contains
 * "preferred".
 */
const worse = [
  'rejected',
  'non preferred',
  'nonpreferred',
  'dispreferred',
  'unpreferred',
  'not preferred',
  'loser',
  'losing',
  'lose',
  'worse',
  'negative',
  'bad',
  'worst',
];
const better = ['chosen', 'preferred', 'accepted', 'winner', 'winning', 'win', 'better', 'positive', 'good', 'best'];

/** Whether a key or path has a word for the worse answer. */
export function namesWorse(key: string): boolean {
  return hasWord(key, worse);
}

/** Whether a key or path has a word for the better answer. "Non-preferred" has one too: ask {@link namesWorse} too. */
export function namesBetter(key: string): boolean {
  return hasWord(key, better);
}

function hasWord(key: string, words: readonly string[]): boolean {
  const text = ` ${wordsOf(key).join(' ')} `;
  return words.some((word) => text.includes(` ${word} `));
}

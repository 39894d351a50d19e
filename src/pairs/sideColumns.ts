const wordStart = /(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Za-z])(?=[0-9])|[^\p{L}\p{N}]+/u;
const sideWords =
  /(?<![a-z])(?:chosen|rejected)(?![a-z])|(?:Chosen|Rejected)(?![a-z])|(?<![A-Za-z])(?:CHOSEN|REJECTED)(?![a-z])/g;
const others: Readonly<Record<string, string>> = {
  chosen: 'rejected',
  rejected: 'chosen',
  Chosen: 'Rejected',
  Rejected: 'Chosen',
  CHOSEN: 'REJECTED',
  REJECTED: 'CHOSEN',
};

/** Words of keys, because a file has few keys and each row has them all. */
const known = new Map<string, readonly string[]>();
const mostKnown = 1000;

/** The words of a key in lower case: `chosenScore`, `chosen-score` and `Chosen score` give `['chosen', 'score']`. */
export function wordsOf(key: string): readonly string[] {
  const before = known.get(key);
  if (before) return before;
  const words = key
    .split(wordStart)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());
  if (known.size < mostKnown) known.set(key, words);
  return words;
}

/**
 * The key of the same column for the other answer: `score_rejected` for `score_chosen`, `rejectedModel` for
 * `chosenModel`. Null for a key that names no side or both.
 */
export function otherSideKey(key: string): string | null {
  const named = new Set(key.match(sideWords)?.map((word) => word.toLowerCase()));
  if (named.size !== 1) return null;
  return key.replace(sideWords, (word) => others[word] ?? word);
}

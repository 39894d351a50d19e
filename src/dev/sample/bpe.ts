import { at, must } from '../../base/pure/must';

/** A byte-level byte-pair encoding. */
export interface Bpe {
  /** Tokens by id: the 256 bytes, then one for each merge. */
  readonly vocabulary: readonly string[];
  readonly merges: readonly (readonly [string, string])[];
}

/** GPT-2's rule for splitting text into words (`ByteLevel` with `use_regex`). */
const words = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

/** The printable character that GPT-2 uses for each byte (`bytes_to_unicode`). */
function byteCharacters(): string[] {
  const printable = (byte: number): boolean =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(printable(byte) ? byte : next++));
}

/**
 * Trains a byte-pair encoding as GPT-2 does (Sennrich et al. 2016, arXiv:1508.07909): the most common pair of
 * neighbours becomes a token, until there are enough tokens. Of equally common pairs, the one that sorts first is
 * taken, so the result depends only on the texts.
 *
 * @example
 *   // 'aab aab': first "a a" → "aa", then "aa b" → "aab"
 *
 * @param size the number of tokens, at least 256; the result has fewer if nothing is left to merge
 */
export function trainBpe(texts: Iterable<string>, size: number): Bpe {
  const bytes = byteCharacters();
  const encoder = new TextEncoder();
  const counts = new Map<string, number>();
  for (const text of texts) for (const [word] of text.matchAll(words)) addTo(counts, word, 1);
  const wordParts = [...counts].map(([word, count]) => ({
    count,
    parts: Array.from(encoder.encode(word), (byte) => at(bytes, byte)),
  }));

  const vocabulary = [...bytes];
  const merges: [string, string][] = [];
  while (vocabulary.length < size) {
    const best = mostCommonPair(wordParts);
    if (!best) break;
    merges.push(best);
    vocabulary.push(best.join(''));
    for (const word of wordParts) word.parts = merge(word.parts, best);
  }
  return { vocabulary, merges };
}

function addTo(counts: Map<string, number>, key: string, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}

/** The most common pair of neighbours; null: every word is a single token. */
function mostCommonPair(words: readonly { count: number; parts: readonly string[] }[]): [string, string] | null {
  const pairs = new Map<string, number>();
  for (const { count, parts } of words) {
    for (let i = 1; i < parts.length; i++) {
      addTo(pairs, `${parts[i - 1]} ${parts[i]}`, count);
    }
  }
  let best: [string, number] | null = null;
  for (const [pair, count] of pairs) {
    if (!best || count > best[1] || (count === best[1] && pair < best[0])) best = [pair, count];
  }
  if (!best) return null;
  // No token contains a space: GPT-2 writes it as Ġ.
  const [left, right] = best[0].split(' ');
  return [must(left, 'the left token of a pair'), must(right, 'the right token of a pair')];
}

function merge(parts: readonly string[], [left, right]: readonly [string, string]): string[] {
  const result: string[] = [];
  for (let i = 0; i < parts.length; i++) {
    const joined = parts[i] === left && parts[i + 1] === right;
    result.push(joined ? left + right : at(parts, i));
    if (joined) i++;
  }
  return result;
}

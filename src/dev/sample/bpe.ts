/**
 * Byte-level byte-pair encoding as GPT-2 trains it (Sennrich et al. 2016, arXiv:1508.07909): the commonest neighbours
 * become one token, again and again. Ties go to the pair that sorts first, so the result depends on the text alone.
 */
export interface Bpe {
  readonly vocabulary: readonly string[];
  readonly merges: readonly (readonly [string, string])[];
}

/** GPT-2's split into words (`ByteLevel` with `use_regex`). */
const words = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

/** GPT-2's printable stand-in for each byte (`bytes_to_unicode`). */
function byteCharacters(): string[] {
  const printable = (byte: number): boolean =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(printable(byte) ? byte : next++));
}

export function trainBpe(texts: Iterable<string>, size: number): Bpe {
  const bytes = byteCharacters();
  const encoder = new TextEncoder();
  const counts = new Map<string, number>();
  for (const text of texts) for (const [word] of text.matchAll(words)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const pieces = [...counts].map(([word, count]) => ({
    count,
    parts: Array.from(encoder.encode(word), (byte) => bytes[byte] ?? ''),
  }));

  const vocabulary = [...bytes];
  const merges: [string, string][] = [];
  while (vocabulary.length < size) {
    const best = commonest(pieces);
    if (!best) break;
    merges.push(best);
    vocabulary.push(best.join(''));
    for (const piece of pieces) piece.parts = merge(piece.parts, best);
  }
  return { vocabulary, merges };
}

function commonest(pieces: readonly { count: number; parts: readonly string[] }[]): [string, string] | null {
  const pairs = new Map<string, number>();
  for (const { count, parts } of pieces) {
    for (let i = 1; i < parts.length; i++) {
      const pair = `${parts[i - 1]} ${parts[i]}`;
      pairs.set(pair, (pairs.get(pair) ?? 0) + count);
    }
  }
  let best: [string, number] | null = null;
  for (const [pair, count] of pairs) {
    if (!best || count > best[1] || (count === best[1] && pair < best[0])) best = [pair, count];
  }
  const [left, right] = best?.[0].split(' ') ?? [];
  return left !== undefined && right !== undefined ? [left, right] : null;
}

function merge(parts: readonly string[], [left, right]: readonly [string, string]): string[] {
  const result: string[] = [];
  for (let i = 0; i < parts.length; i++) {
    const joined = parts[i] === left && parts[i + 1] === right;
    result.push(joined ? left + right : (parts[i] ?? ''));
    if (joined) i++;
  }
  return result;
}

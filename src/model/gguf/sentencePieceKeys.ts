import { isRecord } from '../../base/pure/isRecord';
import { at } from '../../base/pure/must';
import type { Json } from '../fields';
import { mergesOf, tokenTypes } from './tokenizer';
import { unsupportedGguf } from './unsupported';
import type { Vocabulary } from './vocabulary';

/** The score of a token that no merge makes; SentencePiece does not use it (`conversion/base.py`). */
const noScore = -1000;

/**
 * Scores of SentencePiece's BPE from the merges of tokenizer.json. llama.cpp merges the neighbours that together are
 * the token with the highest score, so the first token that the merges make gets −1, the next −2, and so on.
 *
 * @example
 *   // merges "a b", "ab c": ab has −1, abc has −2
 *
 * @throws MarginError `unsupported-gguf` if scores cannot say what the merges say
 */
export function scoresOf(
  merges: readonly (readonly [string, string])[],
  { tokens, types, ids }: Vocabulary,
  file: string,
): Float32Array {
  const scores = new Float32Array(tokens.length).fill(noScore);
  const made = new Set<number>();
  const own: string[] = [];
  let last = -1;
  for (const [left, right] of merges) {
    const id = ids.get(left + right);
    // Other tokens are matched before any merge.
    if (id === undefined || types[id] !== tokenTypes.normal) continue;
    own.push(`${left} ${right}`);
    if (id === last) continue;
    if (made.has(id)) throw unsupportedGguf(file, `its merges make the token ${at(tokens, id)} at two places`);
    made.add((last = id));
    scores[id] = -made.size;
  }
  const again = mergesOf(tokens, [...scores], [...types]).map((pair) => pair.join(' '));
  const known = new Set(own);
  const other = again.find((pair) => !known.has(pair));
  if (other !== undefined || again.length !== own.length)
    throw unsupportedGguf(file, `its merges are not all pairs that make a token (${other ?? 'one is there twice'})`);
  return scores;
}

/**
 * Whether SentencePiece puts a space before each text (`tokenizer.ggml.add_space_prefix`).
 *
 * @throws MarginError `unsupported-gguf` for a normalizer or pre-tokenizer of another kind
 */
export function addsSpace(definition: Json, file: string): boolean {
  const steps = stepsOf(definition.normalizer);
  const shape = JSON.stringify(steps.map(({ type, prepend, pattern, content }) => [type, prepend ?? pattern, content]));
  const replace = ['Replace', { String: ' ' }, '▁'];
  const pre = definition.pre_tokenizer;
  if (pre === null || pre === undefined || splitsAtSpaces(pre)) {
    if (shape === JSON.stringify([['Prepend', '▁', undefined], replace])) return true;
    if (shape === JSON.stringify([replace])) return false;
  }
  if (steps.length === 0 && isRecord(pre) && pre.type === 'Metaspace' && pre.split === false) {
    if (pre.prepend_scheme === 'always') return true;
    if (pre.prepend_scheme === 'never') return false;
  }
  throw unsupportedGguf(
    file,
    'its normalizer and pre-tokenizer put spaces elsewhere than llama.cpp does for SentencePiece',
  );
}

/** Gemma's pre-tokenizer splits at spaces, which its normalizer has already replaced. */
const splitsAtSpaces = (pre: unknown): boolean =>
  isRecord(pre) && pre.type === 'Split' && isRecord(pre.pattern) && pre.pattern.String === ' ';

function stepsOf(part: unknown): Json[] {
  if (!isRecord(part)) return [];
  return part.type === 'Sequence' && Array.isArray(part.normalizers) ? part.normalizers.flatMap(stepsOf) : [part];
}

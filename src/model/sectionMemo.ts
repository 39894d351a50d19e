import { isRecord } from '../base/pure/isRecord';
import type { Json } from './fields';
import { addedTokens, separatorOf, takesSpace } from './tokenizerRewrites';

type Encode = (text: string) => number[];

/** Characters of texts remembered before the older half goes. */
const remembered = 1 << 19;

/**
 * Encodes text piece by piece between added tokens, as the tokenizer itself does, and remembers the pieces: the texts
 * of a pair begin alike, and often those of a file. Where pieces depend on what is around them, `encode` itself is
 * given back.
 *
 * @param encode without adding special tokens
 */
export function rememberSections(definition: Json, encode: Encode): Encode {
  const contents = separators(definition);
  if (contents === null || contents.length === 0) return encode;
  const separator = separatorOf(contents);
  let [newer, older, characters] = [new Map<string, readonly number[]>(), new Map<string, readonly number[]>(), 0];
  const idsOf = (section: string, text: string): readonly number[] => {
    const known = newer.get(section) ?? older.get(section);
    const ids = known ?? encode(section);
    if (!newer.has(section)) newer.set(section, ids);
    // A piece of a text keeps all of it in memory.
    if (!known) characters += text.length;
    if (characters > remembered) [newer, older, characters] = [new Map(), newer, 0];
    return ids;
  };
  return (text) => text.split(separator).flatMap((section) => (section === '' ? [] : idsOf(section, text)));
}

/**
 * The added tokens at which text is cut before anything else is done to it; null where they reach into the text beside
 * them, or the first piece is special.
 */
function separators(definition: Json): string[] | null {
  const { normalizer, pre_tokenizer: preTokenizer } = definition;
  if (mentionsMetaspace(preTokenizer)) return null;
  const tokens = addedTokens(definition).filter(
    ({ normalized, special }) => !(normalizer && (normalized ?? special !== true)),
  );
  if (tokens.some(takesSpace)) return null;
  return tokens.flatMap(({ content }) => (typeof content === 'string' && content !== '' ? [content] : []));
}

/** Metaspace puts a space before the first piece of a text alone. */
function mentionsMetaspace(preTokenizer: unknown): boolean {
  if (!isRecord(preTokenizer)) return false;
  const { type, pretokenizers: steps } = preTokenizer;
  return type === 'Metaspace' || (Array.isArray(steps) && steps.some(mentionsMetaspace));
}

import { isRecord } from '../base/pure/isRecord';
import type { Json } from './fields';
import { addedTokens, separatorOf, stripsSpace } from './tokenizerRewrites';

type Encode = (text: string) => number[];

/** The memo holds this many characters. Then the older half is dropped. */
const maxCharacters = 1 << 19;

/**
 * Wraps `encode` with a memo. Text is split at added tokens (such as `<|im_start|>`), as the tokenizer itself does, and
 * the ids of each section are remembered. This saves time because the texts of a pair begin with the same prompt, and
 * many texts of a file with the same system message. If the ids of a section depend on its neighbours, `encode` itself
 * is returned.
 *
 * @param definition tokenizer.json
 * @param encode must not add special tokens
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
    // JavaScript keeps a whole text in memory for as long as a section of it exists, so the whole text counts.
    if (!known) characters += text.length;
    if (characters > maxCharacters) [newer, older, characters] = [new Map(), newer, 0];
    return ids;
  };
  return (text) => text.split(separator).flatMap((section) => (section === '' ? [] : idsOf(section, text)));
}

/**
 * The added tokens at which the tokenizer splits text before it does anything else; null: sections depend on their
 * neighbours, because a token also takes white space or because the first section is treated differently.
 */
function separators(definition: Json): string[] | null {
  const { normalizer, pre_tokenizer: preTokenizer } = definition;
  if (mentionsMetaspace(preTokenizer)) return null;
  const tokens = addedTokens(definition).filter(
    ({ normalized, special }) => !(normalizer && (normalized ?? special !== true)),
  );
  if (tokens.some(stripsSpace)) return null;
  return tokens.flatMap(({ content }) => (typeof content === 'string' && content !== '' ? [content] : []));
}

/** Metaspace adds a space before the first section of a text only. */
function mentionsMetaspace(preTokenizer: unknown): boolean {
  if (!isRecord(preTokenizer)) return false;
  const { type, pretokenizers: steps } = preTokenizer;
  return type === 'Metaspace' || (Array.isArray(steps) && steps.some(mentionsMetaspace));
}

import { isRecord } from '../../base/pure/isRecord';
import type { Json } from '../fields';
import { addedTokens, stripsSpace } from '../tokenizerRewrites';
import { tokenTypes } from './tokenizer';
import { unsupportedGguf } from './unsupported';

/** The tokens of tokenizer.json by id, as a GGUF file lists them. */
export interface Vocabulary {
  readonly tokens: readonly string[];
  readonly types: Int32Array;
  readonly ids: ReadonlyMap<string, number>;
}

const byteToken = /^<0x[0-9A-F]{2}>$/;

/**
 * Collects all tokens. An id that no token has becomes `[PAD…]`, as the converters of llama.cpp write it, because the
 * file needs a token for each row of the embedding.
 *
 * @param definition tokenizer.json
 * @param size rows of the embedding
 * @param file tokenizer.json, for the error
 * @throws MarginError `unsupported-gguf`
 */
export function vocabularyOf(definition: Json, size: number, file: string): Vocabulary {
  const model = isRecord(definition.model) ? definition.model : {};
  const tokens = Array.from({ length: size }, (_, id) => `[PAD${id}]`);
  const types = new Int32Array(size).fill(tokenTypes.unused);
  const put = (token: string, id: unknown, type: number): void => {
    if (typeof id !== 'number' || !(id in tokens))
      throw unsupportedGguf(file, `its token ${JSON.stringify(token)} has the id ${String(id)} of ${size}`);
    tokens[id] = token;
    types[id] = type;
  };
  const hasBytes = model.byte_fallback === true;
  for (const [token, id] of Object.entries(isRecord(model.vocab) ? model.vocab : {}))
    put(token, id, hasBytes && byteToken.test(token) ? tokenTypes.byte : tokenTypes.normal);
  for (const added of addedTokens(definition)) {
    const content = String(added.content);
    if (stripsSpace(added))
      throw unsupportedGguf(file, `a GGUF file cannot say that the token ${content} strips the space beside it`);
    const isUnknown = hasBytes && content === model.unk_token;
    if (isUnknown) put(content, added.id, tokenTypes.unknown);
    else if (added.special === true) put(content, added.id, tokenTypes.control);
    // llama.cpp matches these before it replaces spaces.
    else put(content.replaceAll('▁', ' '), added.id, tokenTypes.userDefined);
  }
  const ids = new Map(tokens.map((token, id) => [token, id]));
  return { tokens, types, ids };
}

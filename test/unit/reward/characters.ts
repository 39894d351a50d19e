import type { TextTokenizer } from '../../../src/model/tokenizer';
import { limit } from '../model/limit';

/** A tokenizer with one token for each character. `$` is EOS. */
export const characters: TextTokenizer = {
  encode: (text) => Array.from(text, (char) => char.charCodeAt(0)),
  decode: (ids) => String.fromCharCode(...ids),
  bosId: null,
  eosToken: '$',
  eosId: 36,
  chat: null,
  limit,
};

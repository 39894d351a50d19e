import type { TextTokenizer } from '../model/tokenizer';
import type { TokenText } from '../pairs/tokens/tokenRow';
import { withTexts } from './trainerView';

/** Tokens before a part that are decoded with it: a tokenizer writes the first token of a text differently. */
const context = 4;

/** The texts of tokens, and which of them are special. */
export class TokenTexts {
  private readonly specials = new Map<number, boolean>();

  constructor(private readonly tokenizer: TextTokenizer) {}

  /** The texts of the tokens from `from` to `to` − 1 of `ids`, as {@link withTexts} has them. */
  of(ids: readonly number[], from: number, to: number): TokenText[] {
    const before = Math.max(0, from - context);
    const seen = withTexts(ids.slice(before, to), this.tokenizer).slice(from - before);
    return seen.map(({ id, text }) => (this.isSpecial(id) ? { special: text } : text));
  }

  private isSpecial(id: number): boolean {
    const known = this.specials.get(id);
    if (known !== undefined) return known;
    const { tokenizer } = this;
    const special = tokenizer.decode([id]) === '' && tokenizer.decode([id], true) !== '';
    this.specials.set(id, special);
    return special;
  }
}

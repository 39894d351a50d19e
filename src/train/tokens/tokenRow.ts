import { commonPrefix } from '../../engine/packPairs';
import type { TextTokenizer } from '../../model/tokenizer';
import type { TokenAnswer, TokenRow, TokenRun, TokenText } from '../../pairs/tokens/tokenRow';
import { dropOf, type Fate } from '../../reward/rowFate';
import { TokenTexts } from '../../reward/tokenTexts';

/** The most tokens and characters that are shown of the start and of the end of a long part. */
const [startTokens, endTokens, startCharacters, endCharacters] = [1500, 500, 12_000, 4000];

type Place = Pick<TokenRow, 'pair' | 'pairs' | 'maxLength' | 'heldBy'>;

/** A pair or judged answer with the texts of its tokens, as `trainerView` has them, cut to a size that can be shown. */
export function tokenRow(fate: Fate, tokenizer: TextTokenizer, place: Place): TokenRow {
  if (fate.kind === 'dropped') {
    const { reason, why } = fate;
    const none = { count: 0, start: [], end: [] };
    return { ...place, prompt: none, answers: [], shared: 0, weight: 1, swapped: false, dropped: { reason, why } };
  }
  const runs = new Runs(tokenizer);
  const { prompt } = fate.tokens;
  const why = 'Its prompt alone fills max_length, so no token of an answer is left.';
  const common = {
    ...place,
    prompt: runs.of(prompt, 0, prompt.length),
    weight: fate.weight,
    dropped: dropOf(fate) === null ? null : { reason: 'long-prompt' as const, why },
  };
  if (fate.kind === 'judged') {
    const { kept, lost, mismatched } = fate.tokens;
    const answer = runs.answer('completion', prompt, kept ?? [], lost, mismatched);
    return { ...common, answers: [answer], shared: 0, swapped: false };
  }
  const { pair, lost, mismatched } = fate.tokens;
  const { chosen = [], rejected = [] } = pair ?? {};
  return {
    ...common,
    answers: [
      runs.answer('chosen', prompt, chosen, lost.chosen, mismatched.chosen),
      runs.answer('rejected', prompt, rejected, lost.rejected, mismatched.rejected),
    ],
    shared: commonPrefix(chosen, rejected),
    swapped: fate.swapped,
  };
}

/** Groups the texts of tokens into runs. */
class Runs {
  private readonly texts: TokenTexts;

  constructor(private readonly tokenizer: TextTokenizer) {
    this.texts = new TokenTexts(tokenizer);
  }

  answer(
    side: TokenAnswer['side'],
    prompt: readonly number[],
    kept: readonly number[],
    lost: readonly number[],
    mismatched: boolean,
  ): TokenAnswer {
    const ids = [...prompt, ...kept, ...lost];
    const from = prompt.length + kept.length;
    const { eosId } = this.tokenizer;
    return {
      side,
      kept: this.of(ids, prompt.length, from),
      cut: this.of(ids, from, ids.length),
      losesEos: eosId !== null && lost.includes(eosId),
      mismatched,
    };
  }

  /** The tokens from `from` to `to` − 1 of a text. */
  of(ids: readonly number[], from: number, to: number): TokenRun {
    const count = to - from;
    const start = within(this.texts.of(ids, from, Math.min(to, from + startTokens)), startCharacters);
    if (start.length === count) return { count, start, end: [] };
    const rest = Math.max(from + start.length, to - endTokens);
    return { count, start, end: within(this.texts.of(ids, rest, to).reverse(), endCharacters).reverse() };
  }
}

/** The first tokens that together have at most `most` characters. */
function within(texts: readonly TokenText[], most: number): TokenText[] {
  let characters = 0;
  const end = texts.findIndex((text) => (characters += (typeof text === 'string' ? text : text.special).length) > most);
  return texts.slice(0, end < 0 ? texts.length : end);
}

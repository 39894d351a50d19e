import { commonPrefix } from '../engine/packPairs';
import type { JudgedAnswer } from '../pairs/judged';
import type { Pair } from '../pairs/pair';
import type { TextTokenizer } from '../model/tokenizer';
import { tokenizeJudged, tokenizePair, type Answers, type AnswerSide, type TokenizeOptions } from './tokenizePair';

export interface TokenView {
  readonly id: number;
  /**
   * The text that it adds, with special tokens in full. If a character takes several tokens, the last one has its text
   * and the others have ''.
   */
  readonly text: string;
}

export interface AnswerView {
  /** The tokens that are trained. */
  readonly kept: readonly TokenView[];
  /** The tokens that `maxLength` cuts from the end. */
  readonly lost: readonly TokenView[];
  /** Whether EOS is among the lost tokens, so that the answer is trained without an end. */
  readonly losesEos: boolean;
  /** Whether the prompt has other tokens alone than before this answer. Then the answer starts where the two differ. */
  readonly mismatched: boolean;
}

/** A pair as the trainer reads it. */
export interface TrainerView extends Answers<AnswerView> {
  readonly prompt: readonly TokenView[];
  /** The length of the common prefix of the kept answers. Like the prompt, it is computed once for both. */
  readonly shared: number;
  /** Whether the prompt alone fills `maxLength`, so that the row is not trained. */
  readonly leftOut: boolean;
}

/** A judged answer as the trainer reads it. */
export interface JudgedView {
  readonly prompt: readonly TokenView[];
  readonly completion: AnswerView;
  readonly label: boolean;
  /** Whether the prompt alone fills `maxLength`, so that the row is not trained. */
  readonly leftOut: boolean;
}

/** {@link trainerView} for a judged answer. */
export function judgedTrainerView(
  source: JudgedAnswer,
  tokenizer: TextTokenizer,
  options: TokenizeOptions,
): JudgedView {
  const { prompt, kept, lost, mismatched } = tokenizeJudged(source, tokenizer, options);
  const views = withTexts([...prompt, ...(kept ?? []), ...lost], tokenizer);
  // Nothing is kept of an answer whose prompt fills max_length.
  const keptCount = kept === null ? 0 : kept.length;
  const completion = viewOfAnswer(views.slice(prompt.length), keptCount, mismatched, tokenizer);
  return { prompt: views.slice(0, prompt.length), completion, label: source.label, leftOut: kept === null };
}

/**
 * @param tokens of the whole answer
 * @param kept how many of them are trained
 */
function viewOfAnswer(
  tokens: readonly TokenView[],
  kept: number,
  mismatched: boolean,
  { eosId }: TextTokenizer,
): AnswerView {
  const lost = tokens.slice(kept);
  return {
    kept: tokens.slice(0, kept),
    lost,
    losesEos: eosId !== null && lost.some(({ id }) => id === eosId),
    mismatched,
  };
}

/**
 * A pair as the trainer reads it: the result of {@link tokenizePair} with the text of each token.
 *
 * @throws MarginError the errors of {@link tokenizePair}
 */
export function trainerView(source: Pair, tokenizer: TextTokenizer, options: TokenizeOptions): TrainerView {
  const { pair, prompt, lost, mismatched } = tokenizePair(source, tokenizer, options);
  const views = (side: AnswerSide): readonly TokenView[] =>
    withTexts([...prompt, ...(pair?.[side] ?? []), ...lost[side]], tokenizer);
  const answer = (side: AnswerSide): AnswerView =>
    viewOfAnswer(views(side).slice(prompt.length), pair?.[side].length ?? 0, mismatched[side], tokenizer);
  const { chosen = [], rejected = [] } = pair ?? {};
  return {
    prompt: views('chosen').slice(0, prompt.length),
    chosen: answer('chosen'),
    rejected: answer('rejected'),
    shared: commonPrefix(chosen, rejected),
    leftOut: pair === null,
  };
}

/** U+FFFD at the end of decoded bytes: a character that is not complete yet. */
const incomplete = '\uFFFD';

/** Decodes each id together with the id before it, because tokenizers treat the first token of a text differently. */
export function withTexts(ids: readonly number[], { decode }: Pick<TextTokenizer, 'decode'>): TokenView[] {
  // `known` is the part of the decoded text that earlier tokens have shown.
  let [start, next, known] = [0, 0, ''];
  return ids.map((id, i) => {
    const text = decode(ids.slice(start, i + 1), true);
    if (text.endsWith(incomplete) && i + 1 < ids.length) return { id, text: '' };
    const view = { id, text: text.slice(known.length) };
    [start, next] = [next, i + 1];
    known = decode(ids.slice(start, next), true);
    return view;
  });
}

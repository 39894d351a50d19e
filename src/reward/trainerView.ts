import { commonStart } from '../engine/packPairs';
import type { JudgedAnswer } from '../pairs/judged';
import type { Pair } from '../pairs/pair';
import type { TextTokenizer } from '../model/tokenizer';
import { tokenizeJudged, tokenizePair, type Answers, type AnswerSide, type TokenizeOptions } from './tokenizePair';

export interface SeenToken {
  readonly id: number;
  /**
   * The text it adds, special tokens spelled out; '' where a character takes several tokens, which the last of them
   * brings.
   */
  readonly text: string;
}

export interface SeenAnswer {
  /** What is trained. */
  readonly kept: readonly SeenToken[];
  /** What `maxLength` took from its end. */
  readonly lost: readonly SeenToken[];
  /** Whether the token that ends it is among them, so that training shows no end. */
  readonly losesEos: boolean;
  /**
   * Whether the prompt by itself has other tokens than in front of this answer, which then begins where the two part.
   */
  readonly mismatched: boolean;
}

/** A pair as the trainer sees it. */
export interface TrainerView extends Answers<SeenAnswer> {
  readonly prompt: readonly SeenToken[];
  /** Kept tokens that both answers begin with: like the prompt's, they are computed once for both. */
  readonly shared: number;
  /** The prompt alone fills `maxLength`, so that nothing of the row is trained. */
  readonly leftOut: boolean;
}

/** A judged answer as the trainer sees it. */
export interface JudgedView {
  readonly prompt: readonly SeenToken[];
  readonly completion: SeenAnswer;
  readonly label: boolean;
  /** The prompt alone fills `maxLength`, so that nothing of the row is trained. */
  readonly leftOut: boolean;
}

/** As {@link whatTrainerSees}, of a judged answer, by {@link tokenizeJudged}. */
export function whatTrainerSeesOfJudged(
  source: JudgedAnswer,
  tokenizer: TextTokenizer,
  options: TokenizeOptions,
): JudgedView {
  const { prompt, kept, lost, mismatched } = tokenizeJudged(source, tokenizer, options);
  const seen = withTexts([...prompt, ...(kept ?? []), ...lost], tokenizer);
  const completion = seenAnswer(seen.slice(prompt.length), kept?.length ?? 0, mismatched, tokenizer);
  return { prompt: seen.slice(0, prompt.length), completion, label: source.label, leftOut: kept === null };
}

/** @param tokens of the whole answer, the first `kept` of which are trained */
function seenAnswer(
  tokens: readonly SeenToken[],
  kept: number,
  mismatched: boolean,
  { eosId }: TextTokenizer,
): SeenAnswer {
  const lost = tokens.slice(kept);
  return {
    kept: tokens.slice(0, kept),
    lost,
    losesEos: eosId !== null && lost.some(({ id }) => id === eosId),
    mismatched,
  };
}

/**
 * What the trainer sees of a pair, by {@link tokenizePair}: each token with its text and its part, where an answer is
 * cut and what it loses.
 *
 * @throws MarginError `no-chat-template` | `no-eos-token`
 */
export function whatTrainerSees(source: Pair, tokenizer: TextTokenizer, options: TokenizeOptions): TrainerView {
  const { pair, prompt, lost, mismatched } = tokenizePair(source, tokenizer, options);
  const seen = (side: AnswerSide): readonly SeenToken[] =>
    withTexts([...prompt, ...(pair?.[side] ?? []), ...lost[side]], tokenizer);
  const answer = (side: AnswerSide): SeenAnswer =>
    seenAnswer(seen(side).slice(prompt.length), pair?.[side].length ?? 0, mismatched[side], tokenizer);
  const { chosen = [], rejected = [] } = pair ?? {};
  return {
    prompt: seen('chosen').slice(0, prompt.length),
    chosen: answer('chosen'),
    rejected: answer('rejected'),
    shared: commonStart(chosen, rejected),
    leftOut: pair === null,
  };
}

/** What U+FFFD at the end of decoded bytes stands for: a character that is not whole yet. */
const unfinished = '\uFFFD';

/** Decodes ids as they come, each behind the one before, since tokenizers treat the first of a text otherwise. */
function withTexts(ids: readonly number[], { decode }: Pick<TextTokenizer, 'decode'>): SeenToken[] {
  // Of what is decoded together, `known` was shown already.
  let [start, next, known] = [0, 0, ''];
  return ids.map((id, i) => {
    const text = decode(ids.slice(start, i + 1), true);
    if (text.endsWith(unfinished) && i + 1 < ids.length) return { id, text: '' };
    const shown = { id, text: text.slice(known.length) };
    [start, next] = [next, i + 1];
    known = decode(ids.slice(start, next), true);
    return shown;
  });
}

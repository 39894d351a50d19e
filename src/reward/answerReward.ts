import { MarginError } from '../base/pure/marginError';
import { at } from '../base/pure/must';
import { packPairs } from '../engine/packPairs';
import type { ScoreSession, TokenizedPair } from '../engine/types';
import type { TextTokenizer } from '../model/tokenizer';
import type { Message } from '../pairs/pair';
import { tokenizeJudged } from './tokenizePair';

/** A model and its reference, which value answers. */
export interface ValuingModels {
  readonly tokenizer: TextTokenizer;
  readonly policy: ScoreSession;
  readonly reference: ScoreSession;
  readonly beta: number;
  /** The most tokens of prompt and answer together. */
  readonly maxLength: number;
}

/** An answer to the turns before it. */
export interface ValuedAnswer {
  /** A model without a chat template reads only the last of them, as it does when it answers. */
  readonly prompt: readonly Message[];
  readonly text: string;
}

export interface AnswerReward {
  /** β·(log π − log π_ref). */
  readonly reward: number;
  /** Nats. */
  readonly logp: number;
  /** Nats. */
  readonly refLogp: number;
  /** Tokens of the answer, with the one that ends it. */
  readonly tokens: number;
}

/**
 * The implicit rewards of answers, in one batch. Each is read as the trainer would read it in a row, so it has the end
 * of its turn even if a model was stopped before that.
 *
 * @throws MarginError `answer-too-long`, `not-finite`; the errors of template and tokenizer
 */
export async function answerRewards(
  models: ValuingModels,
  answers: readonly ValuedAnswer[],
): Promise<readonly AnswerReward[]> {
  if (answers.length === 0) return [];
  const { policy, reference, beta } = models;
  const pairs = answers.map((answer) => tokensOf(answer, models));
  const batch = packPairs(pairs);
  const own = await policy.score(batch);
  const other = reference === policy ? own : await reference.score(batch);
  return pairs.map(({ chosen }, i) => {
    const [logp, refLogp] = [at(own.sequenceLogps, i), at(other.sequenceLogps, i)];
    const reward = beta * (logp - refLogp);
    if (!Number.isFinite(reward))
      throw new MarginError(
        'not-finite',
        `The log-prob of the answer is ${logp} under the model and ${refLogp} under the reference. Use an earlier checkpoint or another model.`,
      );
    return { reward, logp, refLogp, tokens: chosen.length };
  });
}

function tokensOf({ prompt, text }: ValuedAnswer, { tokenizer, maxLength }: ValuingModels): TokenizedPair {
  const source = {
    style: tokenizer.chat ? ('chat' as const) : ('plain' as const),
    prompt: tokenizer.chat ? prompt : prompt.slice(-1),
    completion: [{ role: 'assistant', content: text }],
    label: true,
  };
  const { prompt: ids, kept, lost } = tokenizeJudged(source, tokenizer, { maxLength });
  if (kept === null || lost.length > 0)
    throw new MarginError(
      'answer-too-long',
      `The conversation with this answer has more tokens than the model reads, ${maxLength}: its reward is not known.`,
    );
  return { prompt: ids, chosen: kept, rejected: [] };
}

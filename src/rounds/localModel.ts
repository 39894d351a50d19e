import { freeMemory } from '../base/node/freeMemory';
import { MarginError } from '../base/pure/marginError';
import { at } from '../base/pure/must';
import { Answerer } from '../engine/answers';
import { draftFolder } from '../engine/draftFolder';
import { openGenerateSession } from '../engine/generateSession';
import { openLazily, openScoreSession } from '../engine/scoreSession';
import type { GenerateSession, ScoreSession, SessionOptions } from '../engine/types';
import { withWeightCheck } from '../model/finite';
import type { TextTokenizer } from '../model/tokenizer';
import { answerRewards } from '../reward/answerReward';
import {
  type AnswerSettings,
  type AnswerSource,
  type AnswerValue,
  type Answered,
  type AskedAnswer,
  type GivenAnswer,
  stopped,
} from './answerSource';

/** A model whose files are found and read. */
export interface FoundModel {
  readonly policy: SessionOptions;
  readonly tokenizer: TextTokenizer;
  /** The tokens that end an answer. */
  readonly stopIds: ReadonlySet<number>;
}

/** Whether a private copy of the weights, and as much again for caches and other programs, fits in the free memory. */
async function hasRoomForCopy({ checkpoint }: SessionOptions): Promise<boolean> {
  const bytes = [...checkpoint.weights.values()].reduce((sum, weight) => sum + weight.bytes, 0);
  return 2 * bytes < (await freeMemory());
}

/** Answers that are scored in one run: enough to share a matrix product, and few enough for the memory. */
const scoredAtOnce = 8;

/** A model on this machine. Sessions open when they are first needed. */
export class LocalModel implements AnswerSource {
  readonly isSeeded = true;
  readonly policy: ScoreSession;
  readonly reference: ScoreSession;
  private generating: Promise<GenerateSession> | null = null;

  /**
   * @param found the model that answers
   * @param base its reference; null: it is the base itself, so its answers have no implicit reward
   */
  constructor(
    readonly found: FoundModel,
    private readonly base: SessionOptions | null,
    private readonly beta: number,
  ) {
    this.policy = openLazily(() => openScoreSession(found.policy));
    this.reference = base === null ? this.policy : openLazily(() => openScoreSession(base));
  }

  async answer(
    asked: readonly AskedAnswer[],
    { temperature, top_p: topP, max_new_tokens: maxNewTokens }: AnswerSettings,
    signal: AbortSignal,
  ): Promise<readonly GivenAnswer[]> {
    const { policy, tokenizer, stopIds } = this.found;
    if (!tokenizer.chat)
      throw new MarginError(
        'no-chat-template',
        `${policy.checkpoint.folder} has no chat template, and rounds train on conversations. Use a chat model.`,
      );
    const sampling = temperature > 0 ? { sampling: { temperature, topK: 0, topP, seed: 0 } } : {};
    const answerer = new Answerer(
      await (this.generating ??= this.openGenerating()),
      { checkpoint: policy.checkpoint, tokenizer, stopIds },
      { maxNewTokens, stopStrings: [], ...sampling },
    );
    const answers = await withWeightCheck([policy.checkpoint], () =>
      answerer.answer(
        asked.map(({ prompt }) => prompt),
        () => undefined,
        signal,
        asked.map(({ seed }) => seed),
      ),
    );
    if (signal.aborted) throw new MarginError('interrupted', stopped);
    return answers.map(({ text, tokens, finishReason }) => ({ text, tokens, finish: finishReason }));
  }

  /** Values of answers, see {@link AnswerValue}. */
  async values(answers: readonly Answered[]): Promise<readonly AnswerValue[]> {
    const values: AnswerValue[] = [];
    for (let first = 0; first < answers.length; first += scoredAtOnce)
      values.push(...(await this.valuesOf(answers.slice(first, first + scoredAtOnce))));
    return values;
  }

  private async valuesOf(answers: readonly Answered[]): Promise<readonly AnswerValue[]> {
    const { policy, reference, beta, base } = this;
    const { tokenizer, policy: options } = this.found;
    const { maxPositions: maxLength } = options.checkpoint.model;
    try {
      const found = await answerRewards({ tokenizer, policy, reference, beta, maxLength }, answers);
      return found.map(({ reward, logp, tokens }) => ({ reward: base && reward, meanLogp: logp / tokens }));
    } catch (error) {
      if (!(error instanceof MarginError) || error.code !== 'answer-too-long') throw error;
      if (answers.length === 1) return [{ reward: null, meanLogp: null }];
      const values: AnswerValue[] = [];
      for (const i of answers.keys()) values.push(...(await this.valuesOf([at(answers, i)])));
      return values;
    }
  }

  async release(): Promise<void> {
    await Promise.all([
      this.generating?.then((session) => session.release()),
      this.policy.release(),
      ...(this.base === null ? [] : [this.reference.release()]),
    ]);
  }

  private async openGenerating(): Promise<GenerateSession> {
    const { policy } = this.found;
    // The 8-bit copy is one of the file's weights.
    const copies = policy.weights === undefined ? await draftFolder(policy.checkpoint) : undefined;
    return openGenerateSession({ ...policy, draftFolder: copies, prepack: await hasRoomForCopy(policy) });
  }
}

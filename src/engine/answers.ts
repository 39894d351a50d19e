import type { GenerateOptions, GenerateSession } from './types';
import { AnswerText } from '../model/answerText';
import type { ChatTurn } from '../model/chatTemplate';
import { MarginError } from '../base/pure/marginError';
import { at } from '../base/pure/must';
import type { OpenModel } from './openModel';

export interface AnswerOptions extends Pick<GenerateOptions, 'maxNewTokens' | 'sampling'> {
  readonly stopStrings: readonly string[];
}

export interface Answer {
  readonly text: string;
  readonly tokens: number;
  /**
   * `stop`: an end token of the model or a stop string ended the answer; `length`: `max_new_tokens` or the model's
   * longest context did.
   */
  readonly finishReason: 'stop' | 'length';
}

/** What answers need of a model besides its session. */
export type AnsweringModel = Pick<OpenModel, 'checkpoint' | 'tokenizer' | 'stopIds'>;

/** Answers conversations with a model. */
export class Answerer {
  constructor(
    private readonly session: GenerateSession,
    private readonly model: AnsweringModel,
    private readonly options: AnswerOptions,
  ) {}

  /**
   * Answers several conversations at once.
   *
   * @param conversations the turns of each conversation. Without a chat template the model continues the text of the
   *   last turn and ignores the others
   * @param show gets the text of each answer piece by piece
   * @param signal ends the answers before their next token
   * @param seeds one for each conversation, instead of that of the sampling
   * @throws MarginError `empty-prompt` | `prompt-too-long`
   */
  async answer(
    conversations: readonly (readonly ChatTurn[])[],
    show: (piece: string, index: number) => void,
    signal: AbortSignal,
    seeds?: readonly number[],
  ): Promise<readonly Answer[]> {
    const prompts = conversations.map((turns) => this.promptIds(turns));
    const texts = prompts.map(() => new AnswerText(this.model.tokenizer, this.options.stopStrings));
    const isFinished = (index: number): boolean => at(texts, index).stoppedBy !== null;
    for await (const { index, id } of this.session.generate(prompts, {
      ...this.options,
      ...(seeds ? { seeds } : {}),
      stopIds: this.model.stopIds,
      isFinished,
      signal,
    })) {
      show(at(texts, index).push(id), index);
    }
    texts.forEach((text, index) => show(text.end(), index));
    return texts.map(({ text, tokens, stoppedBy }, i) => ({
      text,
      tokens,
      finishReason: stoppedBy === null && this.isFull(at(prompts, i).length, tokens) ? 'length' : 'stop',
    }));
  }

  private isFull(prompt: number, tokens: number): boolean {
    return tokens === this.options.maxNewTokens || prompt + tokens > this.model.checkpoint.model.maxPositions;
  }

  private promptIds(turns: readonly ChatTurn[]): readonly number[] {
    const { tokenizer, checkpoint } = this.model;
    const { chat } = tokenizer;
    const ids = chat
      ? tokenizer.encode(chat.render(turns, true), false)
      : tokenizer.encode(at(turns, turns.length - 1).content, true);
    const { maxPositions } = checkpoint.model;
    if (ids.length === 0) throw new MarginError('empty-prompt', 'The prompt has no tokens: give some text.');
    if (ids.length > maxPositions)
      throw new MarginError(
        'prompt-too-long',
        `The prompt has ${ids.length} tokens, and the model reads at most ${maxPositions}: give less text, or start a new conversation.`,
      );
    return ids;
  }
}

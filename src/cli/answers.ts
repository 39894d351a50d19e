import type { GenerateOptions, GenerateSession } from '../engine/types';
import { AnswerText } from '../model/answerText';
import type { ChatTurn } from '../model/chatTemplate';
import { MarginError } from '../base/pure/marginError';
import type { OpenModel } from './openModel';

export interface AnswerOptions extends Pick<GenerateOptions, 'maxNewTokens' | 'sampling'> {
  readonly stopStrings: readonly string[];
}

export interface Answer {
  readonly text: string;
  readonly tokens: number;
  /**
   * `stop`: by an end token of the model's or a stop string; `length`: by `max_new_tokens` or the model's own reach.
   */
  readonly finishReason: 'stop' | 'length';
}

/** A model that is asked by text and answers by text. */
export class Answerer {
  constructor(
    private readonly session: GenerateSession,
    private readonly model: OpenModel,
    private readonly options: AnswerOptions,
  ) {}

  /**
   * Answers several conversations at once.
   *
   * @param conversations with a chat template all turns of each count, without one the last alone, as a text to go on
   *   with
   * @param show is given each answer's text as it comes
   * @param signal ends the answers before their next token
   * @throws MarginError `empty-prompt` | `prompt-too-long`
   */
  async answer(
    conversations: readonly (readonly ChatTurn[])[],
    show: (piece: string, index: number) => void,
    signal: AbortSignal,
  ): Promise<readonly Answer[]> {
    const prompts = conversations.map((turns) => this.promptIds(turns));
    const texts = prompts.map(() => new AnswerText(this.model.tokenizer, this.options.stopStrings));
    const isOver = (index: number): boolean => texts[index]?.stoppedBy !== null;
    for await (const { index, id } of this.session.generate(prompts, {
      ...this.options,
      stopIds: this.model.stopIds,
      isOver,
      signal,
    })) {
      show(texts[index]?.push(id) ?? '', index);
    }
    texts.forEach((text, index) => show(text.end(), index));
    return texts.map(({ text, tokens, stoppedBy }, i) => ({
      text,
      tokens,
      finishReason: stoppedBy === null && this.isFull(prompts[i]?.length ?? 0, tokens) ? 'length' : 'stop',
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
      : tokenizer.encode(turns.at(-1)?.content ?? '', true);
    const { maxPositions } = checkpoint.model;
    if (ids.length === 0) throw new MarginError('empty-prompt', 'The prompt has no tokens; give some text.');
    if (ids.length > maxPositions)
      throw new MarginError(
        'prompt-too-long',
        `The prompt has ${ids.length} tokens, the model reaches ${maxPositions}; give less text, or begin a new conversation.`,
      );
    return ids;
  }
}

import { Template } from '@huggingface/jinja';
import type { TimeLimit } from '../base/node/timeLimit';
import { errorMessage, MarginError } from '../base/pure/marginError';
import { TemplateLimitError, renderBounded } from './boundedTemplate';

/** Templates in the wild have a few thousand characters; this bounds what a stranger's file can make the parser do. */
const maxTemplateLength = 200_000;

/**
 * So often a template may go beyond its bounds before it is not tried any more: a file of a million rows must not wait
 * for each.
 */
const maxBreaches = 3;

export interface ChatTurn {
  readonly role: string;
  readonly content: string;
}

/** A model's chat template, rendered to text as `transformers`' apply_chat_template does with tokenize=False. */
export class ChatTemplate {
  private readonly template: Template;
  private breaches = 0;

  /**
   * @param limit of the time that parsing, and a rendering, may take
   * @throws MarginError `bad-template`, and the limit's
   */
  constructor(
    source: string,
    private readonly file: string,
    private readonly specialTokens: Readonly<Record<string, string>>,
    private readonly limit: TimeLimit,
  ) {
    if (source.length > maxTemplateLength)
      throw new MarginError('bad-template', `${file}: chat_template is longer than ${maxTemplateLength} characters`);
    try {
      this.template = limit.run(() => new Template(source));
    } catch (error) {
      throw this.failure(error);
    }
  }

  /**
   * @throws MarginError `bad-template`, also where the template goes beyond its bounds of steps and memory; and the
   * limit's
   */
  render(messages: readonly ChatTurn[], addGenerationPrompt: boolean, tools?: readonly unknown[]): string {
    try {
      const values = {
        ...this.specialTokens,
        messages: messages.map((message) => ({ ...message })),
        add_generation_prompt: addGenerationPrompt,
        // Templates test `tools is none`, which an absent name is not.
        tools: tools === undefined ? null : [...tools],
      };
      if (this.breaches === maxBreaches)
        throw new Error(`it went beyond its bounds ${maxBreaches} times and is not tried again`);
      return this.limit.run(() => renderBounded(this.template, values));
    } catch (error) {
      if (error instanceof TemplateLimitError) this.breaches++;
      throw this.failure(error);
    }
  }

  private failure(error: unknown): MarginError {
    if (error instanceof MarginError) return error;
    const reason = errorMessage(error);
    return new MarginError('bad-template', `${this.file}: chat_template failed: ${reason}`, { reason });
  }
}

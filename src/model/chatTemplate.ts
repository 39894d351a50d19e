import { Template } from '@huggingface/jinja';
import type { TimeLimit } from '../base/node/timeLimit';
import { errorMessage, MarginError } from '../base/pure/marginError';
import { TemplateLimitError, renderBounded } from './boundedTemplate';

/** Known templates have up to about 10,000 characters. The bound limits the work of the parser. */
const maxTemplateLength = 200_000;

/**
 * After this many renderings beyond the bounds, a template is not rendered again. Each takes about a second, and a file
 * may have a million rows.
 */
const maxBreaches = 3;

export interface ChatTurn {
  /** `system`, `user`, `assistant`, or another role that the template knows. */
  readonly role: string;
  readonly content: string;
}

/**
 * A model's chat template. It renders messages to text like `apply_chat_template(…, tokenize=False)` of transformers.
 *
 * @example
 *   const template = new ChatTemplate("{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}", …);
 *   template.render([{ role: 'user', content: 'Hi' }], false); // '<user>Hi'
 */
export class ChatTemplate {
  private readonly template: Template;
  private breaches = 0;

  /**
   * @param source the Jinja source
   * @param file the file it comes from, for errors
   * @param specialTokens variables such as `bos_token`
   * @param limit bounds the time of parsing and of each rendering
   * @throws MarginError `bad-template`, and the limit's own error
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
   * @param addGenerationPrompt whether the text ends with the start of an assistant turn
   * @param tools tool definitions as JSON schemas
   * @throws MarginError `bad-template`, also beyond the bounds of steps and memory; and the limit's own error
   */
  render(messages: readonly ChatTurn[], addGenerationPrompt: boolean, tools?: readonly unknown[]): string {
    try {
      const values = {
        ...this.specialTokens,
        messages: messages.map((message) => ({ ...message })),
        add_generation_prompt: addGenerationPrompt,
        // Templates test `tools is none`; that is false for a name that does not exist.
        tools: tools === undefined ? null : [...tools],
      };
      if (this.breaches === maxBreaches)
        throw new Error(`it went beyond its bounds ${maxBreaches} times and is not rendered again`);
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

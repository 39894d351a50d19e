import { Template } from '@huggingface/jinja';
import { MarginError } from '../base/pure/marginError';
import { renderBounded } from './boundedTemplate';

/** Templates in the wild have a few thousand characters; this bounds what a stranger's file can make the parser do. */
const maxTemplateLength = 200_000;

export interface ChatTurn {
  readonly role: string;
  readonly content: string;
}

/** A model's chat template, rendered to text as `transformers`' apply_chat_template does with tokenize=False. */
export class ChatTemplate {
  private readonly template: Template;

  /** @throws MarginError `bad-template` */
  constructor(
    source: string,
    private readonly file: string,
    private readonly specialTokens: Readonly<Record<string, string>>,
  ) {
    if (source.length > maxTemplateLength) throw new MarginError('bad-template', `${file}: chat_template is longer than ${maxTemplateLength} characters`);
    try {
      this.template = new Template(source);
    } catch (error) {
      throw this.failure(error);
    }
  }

  /** @throws MarginError `bad-template`, for a template that does not end or has no bound as well */
  render(messages: readonly ChatTurn[], addGenerationPrompt: boolean, tools?: readonly unknown[]): string {
    try {
      return renderBounded(this.template, {
        ...this.specialTokens,
        messages: messages.map((message) => ({ ...message })),
        add_generation_prompt: addGenerationPrompt,
        // Templates test `tools is none`, which an absent name is not.
        tools: tools === undefined ? null : [...tools],
      });
    } catch (error) {
      throw this.failure(error);
    }
  }

  private failure(error: unknown): MarginError {
    return new MarginError('bad-template', `${this.file}: chat_template failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

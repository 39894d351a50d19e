import { MarginError } from '../../base/pure/marginError';
import type { ChatFound, ChatNews, ChatQuestion } from '../../train/chat/messages';
import { AnsweringProcess } from '../answeringProcess';
import type { AskedAnswer, ChatModels } from './chatModels';

/** The models stay open for the next prompt. */
const idleMs = 900_000;

type Kind = ChatQuestion['kind'];

/** The models of one chat, in a process that ends with it. */
export class ChatProcess implements ChatModels {
  private readonly process: AnsweringProcess<ChatQuestion, ChatFound[Kind], ChatNews>;

  /** @param trainer the bundle of the trainer */
  constructor(trainer: string) {
    const died = (reason: string): MarginError =>
      new MarginError('chat-died', `The process with the models of the chat ended (${reason}). Send the prompt again.`);
    this.process = new AnsweringProcess({ argv: [trainer, '--chat'], idleMs, died });
  }

  open(source: AskedAnswer['source']): Promise<ChatFound['open']> {
    return this.ask({ kind: 'open', source });
  }

  generate(asked: AskedAnswer, news: (news: ChatNews) => void): Promise<ChatFound['generate']> {
    return this.ask({ kind: 'generate', ...asked }, news);
  }

  score(source: AskedAnswer['source'], messages: AskedAnswer['messages'], text: string): Promise<ChatFound['score']> {
    return this.ask({ kind: 'score', source, messages, text });
  }

  cancel(request: number): Promise<null> {
    return this.ask({ kind: 'cancel', request });
  }

  keep(sources: readonly AskedAnswer['source'][]): Promise<null> {
    return this.ask({ kind: 'keep', sources });
  }

  close(reason?: unknown): void {
    this.process.close(reason);
  }

  private async ask<K extends Kind>(
    asked: ChatQuestion & { readonly kind: K },
    news?: (news: ChatNews) => void,
  ): Promise<ChatFound[K]> {
    // The program answers each kind of question with its type.
    return (await this.process.ask(asked, news)) as ChatFound[K];
  }
}

import { ChatModel } from './chatModel';
import { FairTurns } from './fairTurns';
import type { ChatFound, ChatNews, ChatQuestion, ChatSource } from './messages';

type Tell = (news: ChatNews) => void;

/** An answer that has not ended. */
interface Running {
  /** The key of its model. */
  readonly key: string;
  readonly stop: AbortController;
}

/** Talks to models. All that it was asked about stay open until `keep` leaves them out. */
export class ChatProgram {
  private readonly models = new Map<string, Promise<ChatModel>>();
  private readonly turns = new FairTurns();
  /** Keys of the models that are open. */
  private readonly ready = new Set<string>();
  private readonly running = new Map<number, Running>();

  /** @throws MarginError as {@link ChatModel} */
  async answer(question: ChatQuestion, tell: Tell): Promise<ChatFound[keyof ChatFound]> {
    switch (question.kind) {
      case 'open':
        return (await this.model(question.source, tell)).facts;
      case 'generate':
        return this.generate(question, tell);
      case 'score':
        return (await this.model(question.source, tell)).score(question.messages, question.text);
      case 'cancel':
        this.running.get(question.request)?.stop.abort();
        return null;
      case 'keep':
        await this.keep(new Set(question.sources.map(keyOf)));
        return null;
    }
  }

  private async generate(
    { source, request, messages, settings }: ChatQuestion & { readonly kind: 'generate' },
    tell: Tell,
  ): Promise<ChatFound['generate']> {
    // Known before the model is open, so that the opening can be cancelled too.
    const stop = new AbortController();
    this.running.set(request, { key: keyOf(source), stop });
    try {
      const model = await this.model(source, tell);
      tell({ now: 'answering' });
      return await model.answer(messages, settings, (text) => tell({ text }), stop.signal);
    } finally {
      this.running.delete(request);
    }
  }

  private model(source: ChatSource, tell: Tell): Promise<ChatModel> {
    const key = keyOf(source);
    if (!this.ready.has(key)) tell({ now: 'opening' });
    const open = this.models.get(key);
    if (open) return open;
    const opening = ChatModel.open(source, this.turns);
    this.models.set(key, opening);
    opening.then(
      () => this.models.get(key) === opening && this.ready.add(key),
      // The next question tries again: the person may have put the file where it belongs.
      () => this.models.get(key) === opening && this.models.delete(key),
    );
    return opening;
  }

  private async keep(wanted: ReadonlySet<string>): Promise<void> {
    for (const { key, stop } of this.running.values()) if (!wanted.has(key)) stop.abort();
    const others = [...this.models].filter(([key]) => !wanted.has(key));
    for (const [key, opening] of others) {
      this.models.delete(key);
      this.ready.delete(key);
      // Who asked for it got the error.
      const model = await opening.catch(() => null);
      // An answer that was stopped runs no session in its next turn, so its model may be closed before it.
      if (model) await this.turns.take(() => model.release());
    }
  }
}

const keyOf = (source: ChatSource): string => JSON.stringify(source);

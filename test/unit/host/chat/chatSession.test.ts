import { describe, expect, it } from 'vitest';
import { MarginError } from '../../../../src/base/pure/marginError';
import { at, must } from '../../../../src/base/pure/must';
import type { AskedAnswer, ChatModels, ChosenModel } from '../../../../src/host/chat/chatModels';
import { ChatSession } from '../../../../src/host/chat/chatSession';
import { keptText, readKept } from '../../../../src/host/chat/keptChat';
import { markedPair } from '../../../../src/host/chat/markedPair';
import { provenanceOf } from '../../../../src/host/chat/provenance';
import type { ChatTurn } from '../../../../src/protocol/chat';
import type { ChatAnswer, ChatNews, ChatSource } from '../../../../src/train/chat/messages';

interface Pending extends AskedAnswer {
  readonly news: (news: ChatNews) => void;
  readonly end: (text: string, finish?: ChatAnswer['finish']) => void;
  readonly fail: (error: Error) => void;
}

const modelAt = (path: string): ChatSource => ({ kind: 'model', path, adapter: null });
const chosen = (label: string): ChosenModel => ({ label, detail: 'd', steps: [], source: modelAt(label) });
const pathOf = (source: ChatSource): string => (source.kind === 'model' ? source.path : source.folder);

/** Models that answer when the test wants it. `tuned` has a reference. */
class Fake implements ChatModels {
  readonly asked: Pending[] = [];
  readonly cancelled: number[] = [];
  readonly kept: (readonly string[])[] = [];
  readonly scored: string[] = [];
  readonly opened: string[] = [];
  private readonly slow: ((reason: unknown) => void)[] = [];

  async open(source: ChatSource) {
    this.opened.push(pathOf(source));
    if (pathOf(source) === 'slow') await new Promise((_, reject) => this.slow.push(reject));
    if (pathOf(source) === 'broken') throw new MarginError('missing-file', 'It is not there.');
    return { hasTemplate: true, context: 512, beta: pathOf(source) === 'tuned' ? 0.1 : null };
  }
  generate(asked: AskedAnswer, news: (news: ChatNews) => void): Promise<ChatAnswer> {
    return new Promise((resolve, reject) => {
      const end = (text: string, finish: ChatAnswer['finish'] = 'stop'): void =>
        resolve({ text, tokens: 5, finish, firstSeconds: 1, seconds: 3 });
      this.asked.push({ ...asked, news, end, fail: reject });
    });
  }
  async score(source: ChatSource, _: AskedAnswer['messages'], text: string) {
    this.scored.push(`${pathOf(source)}: ${text}`);
    return { reward: text.length, logp: -1, refLogp: -2, tokens: 3 };
  }
  async cancel(request: number) {
    this.cancelled.push(request);
  }
  close(reason: unknown) {
    for (const reject of this.slow) reject(reason);
    for (const { fail } of this.asked) fail(reason as Error);
  }
  async keep(sources: readonly ChatSource[]) {
    this.kept.push(sources.map(pathOf));
  }
}

class Chat {
  readonly models = new Fake();
  readonly texts: string[] = [];
  readonly session = new ChatSession(this.models, {
    state: () => undefined,
    turn: () => undefined,
    text: (_, from, text) => this.texts.push(`${from}:${text}`),
    defect: (error) => {
      throw error;
    },
  });

  static async with(...labels: readonly string[]): Promise<Chat> {
    const chat = new Chat();
    for (const label of labels) await chat.session.use(chosen(label));
    return chat;
  }
  get turn(): ChatTurn {
    return must(this.session.conversation.turns.at(-1), 'a turn');
  }
  request(index: number): Pending {
    return at(this.models.asked, index);
  }
  /** Lets the session take what the models said. */
  settle(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }
  column(index: number): number {
    return at(this.session.columns, index).id;
  }
}

describe('a chat', () => {
  it('asks all models the same, shows text as it comes, and gives each answer its reward', async () => {
    const chat = await Chat.with('base', 'tuned');
    chat.session.settings = { ...chat.session.settings, system: 'Be kind.', seed: 7 };
    chat.session.send('Hi');
    expect(chat.models.asked.map(({ messages, settings }) => [messages, settings.seed])).toEqual(
      Array.from({ length: 2 }, () => [
        [
          { role: 'system', content: 'Be kind.' },
          { role: 'user', content: 'Hi' },
        ],
        7,
      ]),
    );
    expect(chat.session.isRunning).toBe(true);
    chat.request(0).news({ now: 'answering' });
    chat.request(0).news({ text: 'Hel' });
    chat.request(0).news({ text: 'lo' });
    expect(chat.texts).toEqual(['0:Hel', '3:lo']);
    chat.request(0).end('Hello');
    chat.request(1).end('Hey', 'length');
    await chat.settle();
    expect(chat.session.isRunning).toBe(false);
    expect(chat.turn.answers).toMatchObject([
      { state: 'done', text: 'Hello', rate: 2, reward: { value: 5, by: 'tuned', beta: 0.1 } },
      { state: 'done', text: 'Hey', finish: 'length', reward: { value: 3, by: 'tuned' } },
    ]);
    expect(chat.models.scored).toEqual(['tuned: Hello', 'tuned: Hey']);
  });

  it('gives each model its own earlier answers, as the person edited them', async () => {
    const chat = await Chat.with('base', 'tuned');
    chat.session.send('Hi');
    chat.request(0).end('Hello');
    chat.request(1).end('Hey');
    await chat.settle();
    await chat.session.edit({ turn: chat.turn.id, column: chat.column(1) }, 'Hey there');
    expect(chat.models.scored.at(-1)).toBe('tuned: Hey there');
    chat.session.send('More');
    const contents = chat.models.asked.slice(2).map(({ messages }) => messages.map(({ content }) => content));
    expect(contents).toEqual([
      ['Hi', 'Hello', 'More'],
      ['Hi', 'Hey there', 'More'],
    ]);
  });

  it('answers again with the next seed; a late end of the old answer changes nothing', async () => {
    const chat = await Chat.with('base');
    chat.session.send('Hi');
    chat.session.regenerate(chat.turn.id, null);
    expect(chat.models.cancelled).toEqual([chat.request(0).request]);
    chat.request(0).end('old', 'cancelled');
    await chat.settle();
    expect(chat.turn.answers).toMatchObject([{ state: 'opening', text: '' }]);
    expect(chat.request(1).settings.seed).toBe(1);
    chat.request(1).end('new');
    await chat.settle();
    expect(chat.turn.answers).toMatchObject([{ state: 'done', text: 'new', seed: 1 }]);
  });

  it('removes later turns when a prompt is edited and asked again', async () => {
    const chat = await Chat.with('base');
    chat.session.send('one');
    const first = chat.turn.id;
    chat.request(0).end('1');
    await chat.settle();
    chat.session.send('two');
    chat.session.resend(first, 'uno');
    expect(chat.session.conversation.turns.map(({ prompt }) => prompt)).toEqual(['uno']);
    expect(chat.models.cancelled).toEqual([chat.request(1).request]);
  });

  it('stops the opening of a model, and opens it with the next prompt', async () => {
    const chat = await Chat.with('base');
    const opening = chat.session.use(chosen('slow'));
    expect(chat.session.columns).toMatchObject([{ state: 'open' }, { state: 'opening' }]);
    chat.session.stopOpening();
    await opening;
    expect(chat.session.columns).toMatchObject([{ state: 'open' }, { state: 'closed', problem: null }]);
    chat.session.send('Hi');
    expect(chat.session.columns).toMatchObject([{ state: 'open' }, { state: 'opening' }]);
    expect(chat.models.opened).toEqual(['base', 'slow', 'slow']);
    chat.session.stopOpening();
    await chat.settle();
    const problem = 'Opening the model was stopped. Send the prompt again.';
    expect(chat.turn.answers).toMatchObject([
      { state: 'failed', problem },
      { state: 'failed', problem },
    ]);
  });

  it('goes on in another window: with what was said, and models that open with the next prompt', async () => {
    const before = await Chat.with('base', 'tuned');
    before.session.settings = { ...before.session.settings, system: 'Be kind.' };
    before.session.send('Hi');
    before.request(0).end('Hello');
    before.request(1).news({ text: 'He' });
    await before.settle();
    before.session.mark({ turn: before.turn.id, column: before.column(0) }, 'chosen');
    const text = keptText({ ...before.session.kept, dropped: 0, file: null });
    const after = new Chat();
    after.session.restore(must(readKept(text), 'the kept chat'));
    expect(after.models.opened).toEqual([]);
    expect(after.session.columns).toMatchObject([
      { label: 'base', state: 'closed' },
      { label: 'tuned', state: 'closed' },
    ]);
    expect(after.turn).toMatchObject({ prompt: 'Hi', chosen: before.column(0) });
    expect(after.turn.answers).toMatchObject([
      { state: 'done', text: 'Hello' },
      { state: 'failed', text: 'He', problem: 'The window was closed before this answer was complete.' },
    ]);
    after.session.send('More');
    expect(after.models.opened).toEqual(['base', 'tuned']);
    expect(after.request(0).messages.map(({ content }) => content)).toEqual(['Be kind.', 'Hi', 'Hello', 'More']);
    await after.session.use(chosen('third'));
    expect(after.session.conversation.turns.map(({ id }) => id)).toEqual([before.turn.id, before.turn.id + 1]);
  });

  it('stops all answers that run', async () => {
    const chat = await Chat.with('base', 'tuned');
    chat.session.send('Hi');
    chat.session.stop();
    expect(chat.models.cancelled).toEqual([0, 1].map((index) => chat.request(index).request));
  });

  it('says why a model cannot be opened, or cannot answer', async () => {
    const chat = await Chat.with('broken');
    expect(chat.session.columns).toMatchObject([{ state: 'failed', problem: 'It is not there.' }]);
    chat.session.send('Hi');
    chat.request(0).fail(new Error('Too long.'));
    await chat.settle();
    expect(chat.turn.answers).toMatchObject([{ state: 'failed', problem: 'Too long.' }]);
  });

  it('lets a model that joins answer the last turn, and closes one that leaves', async () => {
    const chat = await Chat.with('base');
    chat.session.send('Hi');
    chat.request(0).end('Hello');
    await chat.settle();
    await chat.session.use(chosen('tuned'));
    expect(pathOf(chat.request(1).source)).toBe('tuned');
    await chat.session.use(chosen('other'), chat.column(0));
    expect(chat.session.columns.map(({ label }) => label)).toEqual(['other', 'tuned']);
    chat.session.remove(chat.column(0));
    expect(chat.models.kept.at(-1)).toEqual(['tuned']);
  });
});

it('an answer that ended before a model with a reference was open gets its reward then', async () => {
  const chat = await Chat.with('base');
  chat.session.send('Hi');
  chat.request(0).end('Hello');
  await chat.settle();
  expect(chat.turn.answers).toMatchObject([{ reward: null }]);
  await chat.session.use(chosen('tuned'));
  expect(chat.turn.answers[0]).toMatchObject({ reward: { value: 5, by: 'tuned' } });
});

describe('a pair of two answers', () => {
  async function answered(first: string, second: string): Promise<Chat> {
    const chat = await Chat.with('base', 'tuned');
    chat.session.send('Hi');
    chat.request(0).end(first);
    chat.request(1).end(second);
    await chat.settle();
    return chat;
  }
  const pairOf = (chat: Chat) => markedPair(chat.session.conversation, chat.turn.id, 'Be kind.');

  it('needs one click: the other of two answers gets the other mark', async () => {
    const chat = await answered('a', 'b');
    expect(() => pairOf(chat)).toThrow('Mark the better answer');
    chat.session.mark({ turn: chat.turn.id, column: chat.column(1) }, 'chosen');
    expect(pairOf(chat)).toEqual({
      style: 'chat',
      prompt: [
        { role: 'system', content: 'Be kind.' },
        { role: 'user', content: 'Hi' },
      ],
      chosen: [{ role: 'assistant', content: 'b' }],
      rejected: [{ role: 'assistant', content: 'a' }],
    });
    chat.session.mark({ turn: chat.turn.id, column: chat.column(1) }, 'rejected');
    expect(chat.turn).toMatchObject({ chosen: chat.column(0), rejected: chat.column(1) });
  });

  it('says where it comes from, also when the model was removed since', async () => {
    const chat = await answered('a', 'b');
    expect(() => provenanceOf(chat.session, chat.turn.id)).toThrow('Mark the better answer');
    chat.session.mark({ turn: chat.turn.id, column: chat.column(1) }, 'chosen');
    const found = { model: 'tuned', checkpoint: null, seed: 0, temperature: 0.7, judge: 'person', by: null };
    expect(provenanceOf(chat.session, chat.turn.id)).toEqual({ ...found, round: null, edited: false });
    const { id } = chat.turn;
    await chat.session.edit({ turn: id, column: chat.column(0) }, 'worse');
    chat.session.remove(chat.column(1));
    expect(provenanceOf(chat.session, id)).toEqual({ ...found, round: null, edited: true });
  });

  it('takes an edited answer, and refuses equal ones', async () => {
    const chat = await answered('a', 'a');
    chat.session.mark({ turn: chat.turn.id, column: chat.column(0) }, 'chosen');
    expect(() => pairOf(chat)).toThrow('same text');
    await chat.session.edit({ turn: chat.turn.id, column: chat.column(0) }, 'better');
    expect(pairOf(chat).chosen).toEqual([{ role: 'assistant', content: 'better' }]);
  });
});

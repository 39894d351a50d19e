import { MarginError } from '../../base/pure/marginError';
import type { Message } from '../../pairs/pair';
import type { AnswerPlace, ChatAnswer, ChatTurn, PairSide } from '../../protocol/chat';

type Patch = Partial<Omit<ChatAnswer, 'column'>>;

/** The prompts of a person, and the answers of several models to each. */
export class Conversation {
  private all: readonly ChatTurn[] = [];
  private nextId = 1;

  get turns(): readonly ChatTurn[] {
    return this.all;
  }

  /** @throws MarginError `no-turn` */
  turn(id: number): ChatTurn {
    const found = this.all.find((turn) => turn.id === id);
    if (found) return found;
    throw new MarginError('no-turn', 'This turn is no longer in the conversation.', { id });
  }

  /** Whether a turn is still there; an answer may come after it was removed. */
  has(id: number): boolean {
    return this.all.some((turn) => turn.id === id);
  }

  clear(): void {
    this.all = [];
  }

  /** Continues a conversation that was kept. */
  restore(turns: readonly ChatTurn[]): void {
    this.all = turns;
    this.nextId = turns.reduce((most, { id }) => Math.max(most, id), 0) + 1;
  }

  /** @returns the id of the new turn */
  add(prompt: string): number {
    const id = this.nextId++;
    this.all = [...this.all, { id, prompt, answers: [], chosen: null, rejected: null, saved: null }];
    return id;
  }

  /** Removes a turn and those after it. */
  cutAt(id: number): void {
    this.turn(id);
    this.all = this.all.slice(
      0,
      this.all.findIndex((turn) => turn.id === id),
    );
  }

  /** Removes the turns after a turn. */
  cutAfter(id: number): void {
    this.turn(id);
    this.all = this.all.slice(0, this.all.findIndex((turn) => turn.id === id) + 1);
  }

  /** Begins an answer again. It loses its mark. */
  begin({ turn, column }: AnswerPlace, seed: number, temperature: number): void {
    const blank: ChatAnswer = {
      column,
      state: 'opening',
      text: '',
      edited: null,
      seed,
      temperature,
      tokens: 0,
      finish: null,
      firstSeconds: null,
      rate: null,
      reward: null,
      problem: null,
    };
    this.change(turn, (old) => {
      const answers = [...old.answers.filter((answer) => answer.column !== column), blank];
      const kept = (side: number | null): number | null => (side === column ? null : side);
      return { ...old, answers, chosen: kept(old.chosen), rejected: kept(old.rejected), saved: null };
    });
  }

  /** Changes an answer. One that is gone stays gone. */
  patch({ turn, column }: AnswerPlace, patch: Patch): void {
    if (!this.has(turn)) return;
    this.change(turn, (old) => ({
      ...old,
      answers: old.answers.map((answer) => (answer.column === column ? { ...answer, ...patch } : answer)),
    }));
  }

  answer({ turn, column }: AnswerPlace): ChatAnswer | null {
    return this.all.find(({ id }) => id === turn)?.answers.find((answer) => answer.column === column) ?? null;
  }

  /**
   * Marks an answer as the better or the worse one; a second time takes the mark back. The other answer of two gets the
   * other mark, if it has none.
   */
  mark({ turn, column }: AnswerPlace, side: PairSide): void {
    const other: PairSide = side === 'chosen' ? 'rejected' : 'chosen';
    this.change(turn, (old) => {
      if (old[side] === column) return { ...old, [side]: null, saved: null };
      const marked = { ...old, [side]: column, saved: null };
      if (marked[other] === column) marked[other] = null;
      const rest = old.answers.filter((answer) => answer.column !== column);
      const [single] = rest;
      if (marked[other] === null && rest.length === 1 && single) marked[other] = single.column;
      return marked;
    });
  }

  edit({ turn, column }: AnswerPlace, edited: string | null): void {
    this.patch({ turn, column }, { edited, reward: null, problem: null });
    this.change(turn, (old) => ({ ...old, saved: null }));
  }

  saved(turn: number, file: string | null): void {
    if (this.has(turn)) this.change(turn, (old) => ({ ...old, saved: file }));
  }

  /**
   * What a model reads before it answers a turn: the system prompt, earlier turns with its own answers, and the prompt.
   * Where it has not answered, as a model that came later, it reads the answer of another one.
   */
  messages(turn: number, column: number, system: string): readonly Message[] {
    const before = this.all.slice(
      0,
      this.all.findIndex(({ id }) => id === turn),
    );
    return [
      ...(system.trim() === '' ? [] : [{ role: 'system', content: system }]),
      ...before.flatMap(({ prompt, answers }) => {
        const own = answers.find((answer) => answer.column === column && hasText(answer)) ?? answers.find(hasText);
        return [{ role: 'user', content: prompt }, ...(own ? [{ role: 'assistant', content: textOf(own) }] : [])];
      }),
      { role: 'user', content: this.turn(turn).prompt },
    ];
  }

  private change(id: number, change: (turn: ChatTurn) => ChatTurn): void {
    this.all = this.all.map((turn) => (turn.id === id ? change(turn) : turn));
  }
}

/** The answer as the person wants it. */
export const textOf = ({ text, edited }: ChatAnswer): string => edited ?? text;

const hasText = (answer: ChatAnswer): boolean => textOf(answer) !== '';

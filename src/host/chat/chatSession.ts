import { errorCode, errorMessage, MarginError } from '../../base/pure/marginError';
import { at, must } from '../../base/pure/must';
import type { AnswerPlace, ChatColumn, ChatSettings, ChatTurn, PairSide, ShownReward } from '../../protocol/chat';
import type { ChatNews, ChatSource } from '../../train/chat/messages';
import type { ChatModels, ChosenModel } from './chatModels';
import { Conversation, textOf } from './conversation';
import type { KeptChat, KeptColumn } from './keptChat';

interface Column extends ChatColumn {
  readonly source: ChatSource;
  /** The factor of its rewards; null: it has no reference, or is not open. */
  readonly beta: number | null;
}

/** Gets what has changed, to show it. */
export interface ChatShown {
  state(): void;
  turn(turn: ChatTurn): void;
  text(place: AnswerPlace, from: number, text: string): void;
  readonly defect: (error: unknown) => void;
}

const usualSettings: ChatSettings = {
  system: '',
  temperature: 0.7,
  topP: 1,
  seed: 0,
  maxNewTokens: 256,
  stop: [],
};

const openingStopped = 'opening-stopped';

/** The column of a model that is not open. */
function columnOf({ id, label, detail, steps, source }: KeptColumn, state: 'opening' | 'closed'): Column {
  const step = source.kind === 'run' ? source.step : null;
  return { id, label, detail, steps, source, step, state, beta: null, problem: null, hasTemplate: true };
}

/** A chat with some models: it asks them, and keeps what was said. */
export class ChatSession {
  readonly conversation = new Conversation();
  private list: readonly Column[] = [];
  private readonly sources = new Map<number, ChatSource>();
  private nextColumn = 1;
  private nextRequest = 1;
  private current: ChatSettings = usualSettings;
  /** Requests of the answers that have not ended. */
  private readonly running = new Map<number, AnswerPlace>();

  constructor(
    private readonly models: ChatModels,
    private readonly shown: ChatShown,
  ) {}

  get columns(): readonly Column[] {
    return this.list;
  }

  get settings(): ChatSettings {
    return this.current;
  }

  set settings(settings: ChatSettings) {
    this.current = settings;
    this.shown.state();
  }

  /** The model of a column, also of one that was removed: its answers stay. */
  sourceOf(column: number): ChatSource {
    return must(this.sources.get(column), `column ${column}`);
  }

  get isRunning(): boolean {
    return this.running.size > 0;
  }

  /** Adds a column, or gives one another model. The last turn is answered by it too. @param replaced null: adds one */
  use(model: ChosenModel, replaced: number | null = null): Promise<void> {
    const column = columnOf({ id: this.nextColumn++, ...model }, 'opening');
    this.sources.set(column.id, column.source);
    if (replaced !== null) this.cancelOf(replaced);
    const others = this.list.filter(({ id }) => id !== replaced);
    const place = replaced === null ? others.length : this.list.findIndex(({ id }) => id === replaced);
    this.list = others.toSpliced(place, 0, column);
    const opened = this.opened(column);
    const last = this.conversation.turns.at(-1);
    if (last) this.answer(last.id, [column.id], () => this.current.seed);
    this.columnsChanged();
    return opened;
  }

  /** Continues a chat that was kept. Its models are opened with the next prompt: each may take much memory. */
  restore({ columns, sources, settings, turns }: KeptChat): void {
    this.list = columns.map((column) => columnOf(column, 'closed'));
    for (const [id, source] of sources) this.sources.set(id, source);
    this.nextColumn = Math.max(0, ...this.sources.keys()) + 1;
    this.current = settings;
    this.conversation.restore(turns);
    this.shown.state();
  }

  /** What {@link restore} needs. */
  get kept(): Pick<KeptChat, 'columns' | 'sources' | 'settings' | 'turns'> {
    const columns = this.list.map(({ id, label, detail, steps, source }) => ({ id, label, detail, steps, source }));
    return { columns, sources: [...this.sources], settings: this.current, turns: this.conversation.turns };
  }

  /** A model that is being read cannot stop, so the process of all models ends. The next prompt starts one. */
  stopOpening(): void {
    if (!this.list.some(({ state }) => state === 'opening')) return;
    this.models.close(new MarginError(openingStopped, 'Opening the model was stopped. Send the prompt again.'));
  }

  remove(column: number): void {
    this.cancelOf(column);
    this.list = this.list.filter(({ id }) => id !== column);
    this.columnsChanged();
  }

  send(prompt: string): void {
    const turn = this.conversation.add(prompt);
    this.answer(turn, this.ids, () => this.current.seed);
  }

  resend(turn: number, prompt: string): void {
    this.stop();
    this.conversation.cutAt(turn);
    this.send(prompt);
  }

  /** @param column null: all */
  regenerate(turn: number, column: number | null): void {
    this.stop();
    this.conversation.cutAfter(turn);
    const seedOf = (id: number): number => {
      const answer = this.conversation.answer({ turn, column: id });
      return answer ? answer.seed + 1 : this.current.seed;
    };
    this.answer(turn, column === null ? this.ids : [column], seedOf);
  }

  stop(): void {
    for (const request of this.running.keys()) this.cancel(request);
  }

  clear(): void {
    this.stop();
    this.conversation.clear();
    this.shown.state();
  }

  mark(place: AnswerPlace, side: PairSide): void {
    this.conversation.mark(place, side);
    this.shown.turn(this.conversation.turn(place.turn));
  }

  /** @param text null: as the model wrote it */
  async edit(place: AnswerPlace, text: string | null): Promise<void> {
    this.conversation.edit(place, text);
    this.shown.turn(this.conversation.turn(place.turn));
    await this.value(place);
  }

  private get ids(): readonly number[] {
    return this.list.map(({ id }) => id);
  }

  private async opened(column: Column): Promise<void> {
    try {
      const { hasTemplate, beta } = await this.models.open(column.source);
      this.changeColumn(column.id, { state: 'open', hasTemplate, beta });
    } catch (error) {
      if (errorCode(error) === openingStopped) return this.changeColumn(column.id, { state: 'closed' });
      return this.changeColumn(column.id, { state: 'failed', problem: errorMessage(error) });
    }
    await this.valueOthers();
  }

  private openClosed(id: number): void {
    const column = this.list.find((one) => one.id === id);
    if (column?.state !== 'closed') return;
    this.changeColumn(id, { state: 'opening' });
    this.opened(column).catch(this.shown.defect);
  }

  /** Finds the rewards of answers that ended before a model with a reference was open. */
  private async valueOthers(): Promise<void> {
    for (const { id: turn, answers } of this.conversation.turns)
      for (const { column, state, reward, problem } of answers)
        if (state === 'done' && reward === null && problem === null) await this.value({ turn, column });
  }

  private changeColumn(column: number, change: Partial<Column>): void {
    this.list = this.list.map((one) => (one.id === column ? { ...one, ...change } : one));
    this.shown.state();
  }

  private columnsChanged(): void {
    this.shown.state();
    // A process that died has no models to close.
    this.models.keep(this.list.map(({ source }) => source)).catch(() => undefined);
  }

  private cancelOf(column: number): void {
    for (const [request, place] of this.running) if (place.column === column) this.cancel(request);
  }

  private cancel(request: number): void {
    // A process that died has ended its answers.
    this.models.cancel(request).catch(() => undefined);
  }

  private answer(turn: number, columns: readonly number[], seedOf: (column: number) => number): void {
    for (const column of columns) {
      const place = { turn, column };
      this.conversation.begin(place, seedOf(column), this.current.temperature);
      this.openClosed(column);
      // An error is a part of the answer; one beyond that is a defect, and is shown.
      this.generate(place).catch(this.shown.defect);
    }
    this.shown.state();
    this.shown.turn(this.conversation.turn(turn));
  }

  private async generate(place: AnswerPlace): Promise<void> {
    const { source } = at(
      this.list.filter(({ id }) => id === place.column),
      0,
    );
    const { system, ...settings } = this.current;
    const request = this.nextRequest++;
    const seed = this.conversation.answer(place)?.seed ?? settings.seed;
    this.running.set(request, place);
    const messages = this.conversation.messages(place.turn, place.column, system);
    const asked = { source, request, messages, settings: { ...settings, seed } };
    try {
      const found = await this.models.generate(asked, (news) => this.take(place, seed, news));
      const { text, tokens, finish, firstSeconds, seconds } = found;
      const rate = tokens > 1 && seconds > firstSeconds ? (tokens - 1) / (seconds - firstSeconds) : null;
      this.finish(place, seed, { state: 'done', text, tokens, finish, firstSeconds, rate });
    } catch (error) {
      this.finish(place, seed, { state: 'failed', problem: errorMessage(error) });
    }
    this.running.delete(request);
    this.shown.state();
    await this.value(place);
  }

  /** Whether the answer is still this one: it may have been asked for again. */
  private isCurrent(place: AnswerPlace, seed: number): boolean {
    const answer = this.conversation.answer(place);
    return answer?.seed === seed && (answer.state === 'opening' || answer.state === 'answering');
  }

  private take(place: AnswerPlace, seed: number, news: ChatNews): void {
    if (!this.isCurrent(place, seed)) return;
    if ('now' in news) {
      this.conversation.patch(place, { state: news.now });
      this.shown.turn(this.conversation.turn(place.turn));
      return;
    }
    const from = this.conversation.answer(place)?.text.length ?? 0;
    const before = this.conversation.answer(place)?.text ?? '';
    this.conversation.patch(place, { text: before + news.text });
    this.shown.text(place, from, news.text);
  }

  private finish(place: AnswerPlace, seed: number, patch: Parameters<Conversation['patch']>[1]): void {
    if (!this.isCurrent(place, seed)) return;
    this.conversation.patch(place, patch);
    this.shown.turn(this.conversation.turn(place.turn));
  }

  /** Finds the reward of an answer: under its own model, or under the first of the chat that has a reference. */
  private async value(place: AnswerPlace): Promise<void> {
    const answer = this.conversation.answer(place);
    const own = this.list.find(({ id, beta }) => id === place.column && beta !== null);
    const valuer = own ?? this.list.find(({ beta }) => beta !== null);
    if (!answer || answer.state !== 'done' || textOf(answer) === '' || !valuer || valuer.beta === null) return;
    const { source, label: by, beta } = valuer;
    const text = textOf(answer);
    const messages = this.conversation.messages(place.turn, place.column, this.current.system);
    const isSame = (): boolean => {
      const now = this.conversation.answer(place);
      return now !== null && now.state === 'done' && now.seed === answer.seed && textOf(now) === text;
    };
    try {
      const { reward: value, ...rest } = await this.models.score(source, messages, text);
      const reward: ShownReward = { value, beta, by, ...rest };
      if (isSame()) this.conversation.patch(place, { reward });
    } catch (error) {
      if (isSame()) this.conversation.patch(place, { problem: errorMessage(error) });
    }
    if (isSame()) this.shown.turn(this.conversation.turn(place.turn));
  }
}

import { seededRandom } from '../../base/pure/seededRandom';
import { TaskQueue } from '../../base/pure/taskQueue';
import { shortKey } from '../../base/node/shortKey';
import type { DocumentChange } from '../../jsonl/documentChange';
import { rowAfter } from '../../pairs/edits';
import type { Mark } from '../../pairs/marks/mark';
import { progressOf } from '../../pairs/marks/pace';
import type {
  ReviewAction,
  ReviewEdit,
  ReviewFacet,
  ReviewInput,
  ReviewPairEdit,
  ReviewState,
} from '../../protocol/review';
import { PairReader, type ReadPair } from './pairReader';
import { judgementOf, type Left, reviewPair } from './reviewPair';
import type { SessionOptions } from './sessionOptions';
import { ReviewSteps } from './reviewSteps';
import { ReviewSummary } from './reviewSummary';

/** Pause after marks or rows have changed before all are counted again. */
const countMs = 400;

interface Current extends Omit<ReadPair, 'row'> {
  row: number;
  readonly left: Left;
}

/** What a person does in a review. A field that is ready concerns the view alone. */
export type SessionInput = Exclude<ReviewInput, { readonly kind: 'fieldReady' }>;

/**
 * A person's review of a queue of pairs. Each verdict is written into the marks file at once, and the next unreviewed
 * pair is shown.
 */
export class ReviewSession {
  private current: Current | null = null;
  private facet: ReviewFacet = 'unreviewed';
  private blind: boolean;
  private hint = '';
  private readonly steps = new ReviewSteps();
  private readonly summary = new ReviewSummary();
  private readonly turns = new TaskQueue();
  private counting = new AbortController();
  private timer: NodeJS.Timeout | null = null;
  private closed = false;
  private readonly reader: PairReader;

  constructor(private readonly options: SessionOptions) {
    this.blind = options.blind;
    const { queue, detail, marks } = options;
    this.reader = new PairReader({
      detail,
      keysOf: (line) => marks.keysOf(line),
      next: (row) => queue.next(queue.placeOf(row) ?? -1, this.facet),
      isNext: (row) => row !== this.row && queue.isIn(row, this.facet),
    });
  }

  get isBlind(): boolean {
    return this.blind;
  }

  /** What the person has done, in a sentence; null if that is nothing. */
  get sentence(): string | null {
    return this.summary.sentence;
  }

  /** The row under review; null if there is none. */
  get row(): number | null {
    return this.current && this.current.row;
  }

  /** Counts the queue and shows its first unreviewed pair. */
  start(): Promise<void> {
    return this.turns.run(async () => {
      await this.options.queue.count(this.counting.signal);
      await this.go(-1);
    });
  }

  /** Shows the state again, to a view that was made again or after marks have changed. */
  show(): void {
    this.options.show(this.state());
  }

  take(input: SessionInput): Promise<void> {
    return this.turns.run(() => this.taken(input));
  }

  act(action: ReviewAction): Promise<void> {
    return this.take({ kind: 'act', action });
  }

  /** Called when rows were scanned or marks have changed: they are counted again soon. */
  changed(): void {
    if (this.closed) return;
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => this.recount().catch(this.options.failed), countMs);
  }

  follow(change: DocumentChange): void {
    this.reader.forget();
    if (change.kind === 'edited') {
      const { edit } = change;
      this.options.queue.apply(edit);
      const { current } = this;
      const row = current && rowAfter(current.row, edit);
      if (current && row !== null) current.row = row;
      this.steps.follow(edit);
    }
    if (change.kind === 'edited' || change.kind === 'reverted')
      this.turns.run(() => this.refresh()).catch(this.options.failed);
  }

  close(): void {
    this.closed = true;
    this.counting.abort();
    if (this.timer) clearTimeout(this.timer);
  }

  private async taken(input: SessionInput): Promise<void> {
    this.hint = '';
    switch (input.kind) {
      case 'act':
        return this.acted(input.action);
      case 'facet':
        this.facet = input.facet;
        this.reader.forget();
        return this.go(-1);
      case 'dimension': {
        const { name, value } = input;
        const turned = this.current?.left === 'rejected' ? (value === 0 ? 0 : -value) : value;
        return this.change(({ dimensions }) => ({ dimensions: { ...dimensions, [name]: turned } }));
      }
      case 'note':
        return this.change(() => ({ note: input.text }));
      case 'tags':
        return this.change(() => ({ tags: [...new Set(input.tags)] }));
      case 'typed':
        return this.options.typed(this.editOf(input), input.revision);
      case 'edit':
        if (this.current) this.steps.push({ kind: 'edit', row: this.current.row });
        await this.options.edit(this.editOf(input), input.revision);
        return this.refresh();
    }
  }

  private async acted(action: ReviewAction): Promise<void> {
    if (action === 'undo') return this.undo();
    if (action === 'blind') return this.setBlind(!this.blind);
    const { current } = this;
    if (!current) return this.show();
    if (this.blind && (action === 'keep' || action === 'swap')) return this.say('Blind: use the keys 1 to 5.');
    const judgement = judgementOf(action, current.left);
    if (judgement !== null) this.mark(current, { ...judgement, skipped: false });
    else if (action === 'skip') this.mark(current, { verdict: null, strength: null, skipped: true });
    else if (action === 'flag') return this.change(({ flag }) => ({ flag: !flag }));
    else if (action !== 'next') return;
    // From now on, a person who adjudicates blind sees who said what.
    if (judgement !== null && this.blind && this.options.opinions) return this.say('Decided. J goes to the next pair.');
    await this.go(current.row);
  }

  /** Changes the mark of the current pair, which stays. */
  private change(part: (mark: Mark) => Partial<Mark>): void {
    const { current } = this;
    if (current) this.mark(current, part(this.ownMark(current)));
    this.show();
  }

  /** Marks the current pair. The next pair does not wait for the disk; an error is shown. */
  private mark(current: Current, part: Partial<Mark>): void {
    const { row, keys, left } = current;
    const before = this.ownMark(current);
    this.steps.push({ kind: 'mark', row, key: keys.own, before });
    this.summary.add(part, left, this.blind);
    this.write(before, { ...before, ...part, first: left, blind: this.blind });
  }

  private write(before: Mark, mark: Mark): void {
    const { marks, queue, failed } = this.options;
    // Later than the mark that it replaces, also if that one was made on a computer whose clock is ahead.
    const time = before.at === '' ? Date.now() : Math.max(Date.now(), Date.parse(before.at) + 1);
    const made = { ...mark, by: marks.reviewer.name, at: new Date(time).toISOString() };
    queue.replaceMark(before, made);
    marks.mark(made).catch(failed);
  }

  /** Appends the state before the last mark, and shows that pair again. */
  private async undo(): Promise<void> {
    const step = this.steps.pop();
    if (!step) return this.say('Nothing to undo in this review.');
    if (step.kind === 'edit') {
      await this.options.undoEdit();
      return this.open(step.row);
    }
    await this.open(step.row);
    if (!this.current || !this.options.marks.isFrom(this.current.keys.own, step.key))
      return this.say('The pair of the last mark is gone, so this mark stays.');
    const now = this.ownMark(this.current);
    this.summary.undo();
    this.write(now, { ...step.before, key: now.key });
    this.show();
  }

  private async setBlind(blind: boolean): Promise<void> {
    this.blind = blind;
    if (this.current) await this.open(this.current.row);
    else this.show();
  }

  /** Shows the next pair of the facet after a row of the queue; −1 for its start. */
  private async go(after: number): Promise<void> {
    const next = await this.reader.next(after);
    if (next) return this.put(next.row, next.pair);
    this.current = null;
    this.show();
  }

  private async open(row: number): Promise<void> {
    this.put(row, await this.reader.read(row));
  }

  private put(row: number, pair: ReadPair | null): void {
    this.current = pair && { ...pair, left: this.leftOf(pair.keys.own) };
    if (!pair) return this.say(`Row ${row + 1} no longer holds a pair.`);
    this.show();
    this.reader.readAhead(row);
  }

  /** Reads the current pair again. The sides stay, so that an edit does not exchange them. */
  private async refresh(): Promise<void> {
    const { current } = this;
    if (!current) return;
    const pair = await this.reader.read(current.row);
    if (!pair) return this.go(current.row);
    this.current = { ...pair, left: current.left };
    this.show();
  }

  /** Not in turn: a key that is pressed meanwhile does not wait. */
  private async recount(): Promise<void> {
    await this.options.queue.count(this.counting.signal);
    if (this.current === null) await this.turns.run(() => (this.current === null ? this.go(-1) : undefined));
    else this.show();
  }

  /** The answer on the left: the chosen one, or while blind one by the key and the reviewer, the same each time. */
  private leftOf(key: string): Left {
    if (!this.blind) return 'chosen';
    const seed = Number.parseInt(shortKey([key, '\n', this.options.marks.reviewer.name], 8), 16);
    return seededRandom(seed)() < 0.5 ? 'chosen' : 'rejected';
  }

  private ownMark({ keys }: Current): Mark {
    return this.options.marks.ownMark(keys, this.options.opinions !== null);
  }

  private editOf({ row, side, turn, content }: ReviewEdit): ReviewPairEdit {
    const left = this.current ? this.current.left : 'chosen';
    const right = left === 'chosen' ? 'rejected' : 'chosen';
    return { kind: 'text', row, side: side === 'prompt' ? side : side === 'left' ? left : right, turn, content };
  }

  private say(hint: string): void {
    this.hint = hint;
    this.show();
  }

  private state(): ReviewState {
    const { queue, dimensions, queueText, fixed, opinions } = this.options;
    const { current, blind, facet, hint } = this;
    const mark = current && this.ownMark(current);
    const { counts } = queue;
    return {
      blind,
      queue: queueText(),
      facet,
      progress: progressOf(counts.all - counts.unreviewed, counts.all, this.summary.times),
      counts,
      dimensions,
      pair: current && mark && reviewPair(current.detail, mark, current.left, blind, fixed()),
      adjudication:
        opinions && (current && mark ? opinions.shown(current.keys.own, mark, current.left, blind) : { opinions: [] }),
      hint,
    };
  }
}

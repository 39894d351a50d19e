import { at } from '../../base/pure/must';
import { person } from '../../pairs/rounds/opinion';
import { progressOf } from '../../pairs/marks/pace';
import type { PromptVerdict, QueueState, RoundAction, ShownDraft, ShownPrompt } from '../../protocol/round';
import type { Judgement } from '../../run/rounds/types';
import { type QueuedDraft, type QueuedPrompt, type PromptQueue, promptQueue } from './promptQueue';
import { roundHints } from './roundTexts';

export interface QueueOptions {
  readonly k: number;
  readonly seed: number;
  /** Who judges; empty for an anonymous person. */
  readonly by: () => string;
  readonly now: () => Date;
  /** Appends a judgement to the file of the round. Throws what that throws. */
  readonly append: (line: Judgement) => void;
}

/** What the person has marked of a prompt and not decided yet. Numbers of drafts. */
interface Marks {
  readonly best: number | null;
  readonly worst: number | null;
  readonly edited: Judgement['edited'];
}

interface Step {
  readonly key: string;
  readonly name: string;
  /** The judgement before it; null if there was none. */
  readonly before: Judgement | null;
}

const unmarked: Marks = { best: null, worst: null, edited: null };

/** A person goes through the prompts of a round and judges their drafts. */
export class QueueSession {
  private queue: PromptQueue = { prompts: [], leftOut: 0 };
  private readonly judged = new Map<string, Judgement>();
  private readonly steps: Step[] = [];
  private readonly times: number[] = [];
  /** The index of the prompt; the number of prompts at the end of the queue. */
  private index = -1;
  private marks = unmarked;
  private hint = '';
  private showsRewards = false;

  constructor(private readonly options: QueueOptions) {}

  /** Takes what the files of the round hold now. The person stays at the same prompt; at first, where they left off. */
  load(drafts: readonly QueuedDraft[], judgements: readonly Judgement[]): void {
    const { k, seed } = this.options;
    const { key } = this.current ?? { key: null };
    const wasAtEnd = this.index >= 0 && key === null;
    this.queue = promptQueue(drafts, k, seed);
    this.judged.clear();
    for (const line of judgements) if (line.judge === person) this.remember(line);
    const same = this.queue.prompts.findIndex((prompt) => prompt.key === key);
    if (same >= 0) this.index = same;
    else if (wasAtEnd && this.nextOpen(0) === null) this.index = this.queue.prompts.length;
    else this.goTo(this.nextOpen(0) ?? this.queue.prompts.length);
  }

  /** The prompt that the person sees; null at the end of the queue. */
  get current(): QueuedPrompt | null {
    return this.queue.prompts[this.index] ?? null;
  }

  /** The places, from 1, of the draft to edit: the best one, or the first. Null without a prompt. */
  get placeToEdit(): number | null {
    const { current } = this;
    if (!current) return null;
    return (
      Math.max(
        0,
        current.drafts.findIndex(({ draft }) => draft === this.marks.best),
      ) + 1
    );
  }

  /** @param place of the draft, from 1, for `best` and `worst` */
  act(action: RoundAction, place: number | null): void {
    this.hint = '';
    if (action === 'undo') return this.undo();
    if (action === 'rewards') this.showsRewards = !this.showsRewards;
    else if (action === 'next') this.step(1);
    else if (action === 'previous') this.step(-1);
    else if (!this.current) this.hint = roundHints.atEnd;
    else if (action === 'best' || action === 'worst') this.mark(action, place);
    else if (action === 'tie') this.decide('tie');
    else if (action === 'allBad') this.decide('all-bad');
    else if (action === 'skip') this.decide('skipped');
  }

  /** Takes the text that the person made of a draft. The edited draft is the best one. */
  edit(key: string, place: number, text: string): void {
    const draft = this.current?.drafts[place - 1];
    // The queue may have gone on since the field was opened.
    if (!draft || this.current?.key !== key) return;
    this.hint = '';
    const edited = text === draft.text ? null : { draft: draft.draft, text };
    const worst = this.marks.worst === draft.draft ? null : this.marks.worst;
    this.marks = { best: draft.draft, worst, edited };
    this.decideIfMarked();
  }

  state(): QueueState {
    const { queue, hint, showsRewards, index } = this;
    const own = queue.prompts.flatMap(({ key }) => this.judged.get(key) ?? []);
    const done = own.filter(({ verdict }) => isDecided(verdict));
    return {
      prompt: this.shown(),
      place: this.current ? index + 1 : 0,
      progress: progressOf(done.length, queue.prompts.length, this.times),
      skipped: own.length - done.length,
      leftOut: queue.leftOut,
      pairs: own.filter(({ verdict }) => verdict === 'ranked').length,
      undo: this.hasMarks ? roundHints.undoMark : (this.steps.at(-1)?.name ?? null),
      showsRewards,
      hint,
    };
  }

  private shown(): ShownPrompt | null {
    const { current } = this;
    if (!current) return null;
    const { key, messages, drafts } = current;
    const { verdict } = this.judged.get(key) ?? { verdict: null };
    const { marks } = this;
    const rewarded = this.showsRewards && verdict !== null && isDecided(verdict);
    const shown = drafts.map(({ draft, text, tokens, finish, reward }): ShownDraft => {
      const mark = draft === marks.best ? 'best' : draft === marks.worst ? 'worst' : null;
      const edited = marks.edited?.draft === draft ? marks.edited.text : null;
      return { text, tokens, isCut: finish === 'length', mark, edited, reward: rewarded ? reward : null };
    });
    return { key, messages, drafts: shown, verdict: asPromptVerdict(verdict) };
  }

  private mark(as: 'best' | 'worst', place: number | null): void {
    const { current } = this;
    const draft = place === null ? undefined : current?.drafts[place - 1]?.draft;
    if (draft === undefined) {
      this.hint = roundHints.noDraft(place);
      return;
    }
    const other = as === 'best' ? 'worst' : 'best';
    const kept = this.marks[other] === draft ? null : this.marks[other];
    const { edited } = this.marks;
    const marks = as === 'best' ? { best: draft, worst: kept } : { best: kept, worst: draft };
    // Only the best draft keeps its edit.
    this.marks = { ...marks, edited: edited?.draft === marks.best ? edited : null };
    this.decideIfMarked();
  }

  /** Of two drafts, one is the best when the other is the worst. */
  private decideIfMarked(): void {
    const { current } = this;
    if (!current) return;
    const [first, second] = current.drafts;
    if (current.drafts.length === 2 && first && second) {
      const other = (draft: number): number => (draft === first.draft ? second.draft : first.draft);
      const { best, worst, edited } = this.marks;
      if (best !== null) this.marks = { best, worst: other(best), edited };
      else if (worst !== null) this.marks = { best: other(worst), worst, edited };
    }
    const { best, worst } = this.marks;
    if (best !== null && worst !== null) this.decide('ranked');
    else this.hint = best === null ? roundHints.best : roundHints.worst;
  }

  private decide(verdict: PromptVerdict): void {
    const { current } = this;
    if (!current) return;
    const { key } = current;
    const before = this.judged.get(key) ?? null;
    const { best, worst, edited } = verdict === 'ranked' ? this.marks : unmarked;
    this.write({ ...this.lineOf(current), verdict, best, worst, edited });
    this.steps.push({ key, name: roundHints.undo[verdict], before });
    this.times.push(this.options.now().getTime());
    this.marks = this.marksOf(key);
    if (this.showsRewards && isDecided(verdict)) return;
    this.goTo(this.nextOpen(this.index + 1) ?? this.queue.prompts.length);
  }

  private undo(): void {
    if (this.hasMarks) {
      this.marks = this.current ? this.marksOf(this.current.key) : unmarked;
      return;
    }
    const step = this.steps.pop();
    const place = step ? this.queue.prompts.findIndex(({ key }) => key === step.key) : -1;
    const prompt = this.queue.prompts[place];
    if (!step || !prompt) {
      this.hint = roundHints.noUndo;
      return;
    }
    const { before } = step;
    const nothing = { verdict: 'withdrawn', best: null, worst: null, edited: null } as const;
    this.write(before ? { ...before, at: this.options.now().toISOString() } : { ...this.lineOf(prompt), ...nothing });
    this.times.pop();
    this.goTo(place);
  }

  /** Whether the person has marked something that is not decided. */
  private get hasMarks(): boolean {
    const { current, marks } = this;
    if (!current) return false;
    const { best, worst, edited } = this.marksOf(current.key);
    return best !== marks.best || worst !== marks.worst || edited?.text !== marks.edited?.text;
  }

  private lineOf({ key, drafts }: QueuedPrompt): Omit<Judgement, 'verdict' | 'best' | 'worst' | 'edited'> {
    const by = this.options.by();
    const order = drafts.map(({ draft }) => draft);
    const at = this.options.now().toISOString();
    return { prompt_key: key, judge: person, by: by === '' ? null : by, order, reason: null, at };
  }

  private write(line: Judgement): void {
    this.options.append(line);
    this.remember(line);
  }

  private remember(line: Judgement): void {
    if (line.verdict === 'withdrawn') this.judged.delete(line.prompt_key);
    else this.judged.set(line.prompt_key, line);
  }

  private step(by: 1 | -1): void {
    const { length } = this.queue.prompts;
    const next = this.index + by;
    // From the end, J leads back to what was skipped.
    if (next > length)
      this.goTo(
        Math.max(
          0,
          this.queue.prompts.findIndex(({ key }) => !this.isDone(key)),
        ),
      );
    else if (next >= 0) this.goTo(next);
  }

  private goTo(index: number): void {
    this.index = index;
    this.marks = this.current ? this.marksOf(this.current.key) : unmarked;
  }

  private marksOf(key: string): Marks {
    const line = this.judged.get(key);
    return line?.verdict === 'ranked' ? line : unmarked;
  }

  /** The next prompt that nobody has judged or skipped, from a place on and then from the start. */
  private nextOpen(from: number): number | null {
    const { prompts } = this.queue;
    const order = [...prompts.keys()].map((i) => (from + i) % prompts.length);
    return order.find((i) => !this.judged.has(at(prompts, i).key)) ?? null;
  }

  private isDone(key: string): boolean {
    const { verdict } = this.judged.get(key) ?? { verdict: null };
    return verdict !== null && isDecided(verdict);
  }
}

function isDecided(verdict: Judgement['verdict']): boolean {
  return verdict !== 'skipped' && verdict !== 'withdrawn';
}

function asPromptVerdict(verdict: Judgement['verdict'] | null): PromptVerdict | null {
  return verdict === 'withdrawn' ? null : verdict;
}

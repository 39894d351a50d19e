import type { GradientChoice, GradientPage, GradientRow } from '../../../src/protocol/gradient';
import type { RewardRow, RunDetail } from '../../../src/protocol/runPanel';
import type { PairsBehind } from '../../../src/run/symptoms/symptom';
import { h, replace } from '../../shared/dom';
import { compact, signed } from '../../shared/format';
import { VirtualList } from '../../shared/virtualList';
import { ChoiceBar } from './choiceBar';
import { gradientStrings as words } from './gradientStrings';
import { gradientSentences, isOwn, percent } from './sentences';
import { shareList, WeightHistogram } from './weightBars';

export interface GradientSource {
  gradient(step: number, choice: GradientChoice): Promise<GradientPage | null>;
  open(row: RewardRow): void;
  showPairs(pairs: PairsBehind): void;
  announce(text: string): void;
  readonly failed: (error: unknown) => void;
}

/** Which pairs carry the gradient of a step, under the run's own choice of objective, beta and rate or any other. */
export class GradientTab {
  readonly element = h('div', { class: 'gradient' });
  private readonly bar = new ChoiceBar((choice) => this.choose(choice));
  private readonly text = h('p', { class: 'gradient-text' });
  private readonly histogram = new WeightHistogram();
  private readonly shares = h('div', { class: 'gradient-shares' });
  private readonly head = h('div', { class: 'gradient-row gradient-head' });
  private readonly list: VirtualList;
  private rows: readonly GradientRow[] = [];
  private folder = '';
  private step = 0;
  /** null: the run's own. */
  private choice: GradientChoice | null = null;
  private shown = '';
  private asking = false;
  private again = false;

  constructor(private readonly source: GradientSource) {
    this.list = new VirtualList({
      label: words.label,
      name: 'gradient',
      draw: (element, index) => this.drawRow(element, index),
      visible: () => undefined,
      select: () => undefined,
      open: (index) => {
        const found = this.rows[index];
        if (found) this.source.open(found.row);
      },
    });
    const { line, prompt, margin, weight, own, share } = words.columns;
    replace(
      this.head,
      ...[line, prompt, margin, weight, own, share].map((label, i) => h('span', { class: classOf(i) }, label)),
    );
  }

  /** Shows the weights at the newest rewards, and asks for them again only if they have changed. */
  async show({ run, config, rewardSteps, rewardStep }: RunDetail): Promise<void> {
    if (rewardStep === null || !config || !run)
      return replace(this.element, h('div', { class: 'empty', role: 'status' }, words.none));
    const shown = JSON.stringify([run.folder, rewardSteps, rewardStep]);
    if (shown === this.shown) return;
    if (run.folder !== this.folder) this.choice = null;
    this.folder = run.folder;
    this.step = rewardStep;
    this.choice ??= { objective: null, beta: config.config.beta, rate: config.config.learning_rate };
    // If reading fails, the next call reads again, so that the error stays visible.
    this.shown = '';
    await this.ask();
    this.shown = shown;
  }

  private choose(choice: GradientChoice): void {
    this.choice = choice;
    this.ask().catch(this.source.failed);
  }

  /** One request at a time: a drag asks for its last choice when the answer to an earlier one is there. */
  private async ask(): Promise<void> {
    this.again = this.asking;
    if (this.asking || !this.choice) return;
    this.asking = true;
    const { choice } = this;
    try {
      const page = await this.source.gradient(this.step, choice);
      if (page) this.draw(page, choice);
    } finally {
      this.asking = false;
    }
    if (this.again) await this.ask();
  }

  private draw(page: GradientPage, choice: GradientChoice): void {
    this.bar.show(page, choice);
    const sentences = gradientSentences(page, choice);
    replace(
      this.text,
      h('b', {}, sentences[0] ?? ''),
      ` ${sentences.slice(1).join(' ')}`,
      page.halfMargins === null ? null : ' ',
      page.halfMargins === null ? null : this.halfLink(page.halfMargins),
    );
    this.text.title = words.about;
    this.source.announce(sentences.join(' '));
    this.rows = page.rows;
    const hasWeights = typeof page.spread !== 'string' && page.rows.length > 0;
    const compares = !isOwn(page, choice);
    if (hasWeights) this.histogram.show(page, compares);
    replace(this.shares, shareList(page, compares));
    this.list.setCount(page.rows.length);
    this.list.refresh();
    const plots = h('div', { class: 'gradient-plots' }, this.histogram.element, this.shares);
    const step = h('span', { class: 'muted' }, words.atStep(this.step));
    const foot = h('div', { class: 'foot muted' }, h('span', { class: 'grow' }, words.hint), step);
    const below = hasWeights ? [plots, this.head, this.list.element, foot] : [];
    this.put(this.bar.element, this.text, ...below);
  }

  /** Keeps elements that are there already, so that a slider keeps its drag and its focus. */
  private put(...children: HTMLElement[]): void {
    const [bar, ...rest] = children;
    if (bar && this.element.firstChild !== bar) return replace(this.element, ...children);
    while (this.element.childElementCount > 1) this.element.lastElementChild?.remove();
    this.element.append(...rest);
  }

  private halfLink(margins: NonNullable<GradientPage['halfMargins']>): HTMLElement {
    const show = (): void =>
      this.source.showPairs({ label: words.label, sort: 'margin', descending: margins[1] === null, margins });
    return h('button', { class: 'link', on: { click: show } }, words.showHalf);
  }

  private drawRow(element: HTMLElement, index: number): void {
    const found = this.rows[index];
    element.classList.add('gradient-row');
    if (!found) return;
    const { row, weight, own, share } = found;
    const prompt = row.prompt === null ? words.changed : row.prompt;
    const cells = [
      String(row.line),
      prompt,
      signed(row.margin),
      compact(weight),
      own === null ? '' : compact(own),
      percent(share),
    ];
    element.append(
      ...cells.map((text, i) => h('span', { class: classOf(i), ...(i === 1 ? { title: prompt } : {}) }, text)),
    );
  }
}

const classes = ['num muted', 'clip', 'num', 'num', 'num wide muted', 'num wide'] as const;
const classOf = (column: number): string => classes[column] ?? '';

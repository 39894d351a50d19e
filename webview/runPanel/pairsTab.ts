import { at } from '../../src/base/pure/must';
import type { PairsPage, PairsQuery, RewardRow, RunDetail } from '../../src/protocol/runPanel';
import type { PairsBehind } from '../../src/run/symptoms/symptom';
import { button, dropdown } from '../shared/controls';
import { h, replace } from '../shared/dom';
import { counted, signed } from '../shared/format';
import { marginBar } from '../shared/marginBar';
import { PageCache, pageSize } from '../shared/pageCache';
import { sortedBy, sortMark } from '../shared/sorting';
import { VirtualList } from '../shared/virtualList';
import { rangeText } from '../shared/bins';
import { type Brush, MarginHistogram } from './marginHistogram';
import { scoringText } from './scoringText';
import { strings } from './strings';

type Sort = PairsQuery['sort'];

const { pairs: words } = strings;

const columns: readonly { readonly sort: Sort | null; readonly label: string; readonly class: string }[] = [
  { sort: 'line', label: words.columns.line, class: 'num' },
  { sort: null, label: words.columns.prompt, class: 'clip' },
  { sort: 'chosen', label: words.columns.chosen, class: 'num wide' },
  { sort: 'rejected', label: words.columns.rejected, class: 'num wide' },
  { sort: null, label: '', class: 'wide' },
  { sort: 'margin', label: words.columns.margin, class: 'num' },
  { sort: 'before', label: words.columns.before, class: 'num wide' },
];

/** At most this many pages stay in memory. */
const maxPages = 40;

export interface PairsSource {
  pairs(query: PairsQuery): Promise<PairsPage>;
  locate(query: PairsQuery, key: string): Promise<number | null>;
  open(row: RewardRow): void;
  /** Shows the rewards of the pair's tokens. */
  tokens(row: RewardRow, step: number): void;
  announce(text: string): void;
  /** Shows why rewards did not arrive. */
  readonly failed: (error: unknown) => void;
  score(): void;
}

/** The reward of every pair at one step: a histogram to select a range, and a table to sort. A row opens its pair. */
export class PairsTab {
  readonly element = h('div', { class: 'pairs' });
  private readonly summary = h('div', { class: 'bar summary' });
  private readonly head = h('div', { class: 'pairs-head' });
  private readonly histogram = new MarginHistogram((brush) => this.select(brush));
  private readonly tokens = h(
    'button',
    { class: 'link', title: words.tokensTitle, on: { click: () => this.showTokens() } },
    words.tokens,
    h('kbd', {}, 'T'),
  );
  private readonly foot = h('div', { class: 'foot muted' }, h('span', { class: 'grow' }, words.hint), this.tokens);
  private readonly list: VirtualList;
  private query: PairsQuery = {
    step: 0,
    before: null,
    sort: 'margin',
    descending: false,
    filter: '',
    histogram: 'margin',
    from: 0,
    count: pageSize,
  };
  /** The range of margins that the filter selects; null: all. */
  private brush: Brush = null;
  private steps: readonly number[] = [];
  private best: number | null = null;
  private startsAsReference = false;
  private shown = '';
  /** The range of margins to show next; null: all. */
  private chosen: Brush = null;
  private readonly pages = new PageCache<RewardRow>(maxPages);
  private first: PairsPage | null = null;
  private widest = 1;

  constructor(private readonly source: PairsSource) {
    this.list = new VirtualList({
      label: words.label,
      draw: (element, index) => this.drawRow(element, index),
      visible: (from, count) => this.need(from, count),
      select: () => undefined,
      open: (index) => this.open(index),
    });
    this.list.element.addEventListener('keydown', (event) => {
      const { key, ctrlKey, altKey, metaKey } = event;
      if (key.toLowerCase() === 't' && !ctrlKey && !altKey && !metaKey) this.showTokens();
    });
  }

  /** Shows a run's rewards, and selects a pair if there is a key. Reads them again only if they have changed. */
  async show({ rewardSteps, rewardStep, startsAsReference, run }: RunDetail, key: string | null): Promise<void> {
    if (rewardStep === null) return this.showNone(run);
    const shown = JSON.stringify([run?.folder, rewardSteps, rewardStep, startsAsReference]);
    if (shown !== this.shown) {
      this.steps = rewardSteps;
      this.best = run?.state?.best?.step ?? null;
      this.startsAsReference = startsAsReference;
      this.element.classList.toggle('from-reference', startsAsReference);
      const sort = startsAsReference && this.query.sort === 'before' ? 'margin' : this.query.sort;
      this.brush = this.chosen;
      this.query = { ...this.query, sort, step: rewardStep, filter: filterOf(this.brush) };
      this.chosen = null;
      // If reading fails, the next call reads again, so that the error stays visible.
      this.shown = '';
      await this.reload();
      this.shown = shown;
    }
    if (!this.list.element.isConnected || !this.element.contains(this.list.element)) {
      replace(this.element, this.summary, this.histogram.element, this.head, this.list.element, this.foot);
    }
    if (key !== null) await this.reveal(key);
  }

  /** Sorts and filters as a remark about the curves asks. */
  choose({ sort, descending, margins }: PairsBehind): void {
    this.query = { ...this.query, sort, descending };
    // The next call of `show` reads the pairs.
    this.shown = '';
    this.chosen = margins;
  }

  /** Says why there are no rewards: they are being scored, or can be scored by a button. */
  private showNone(run: RunDetail['run']): void {
    const scoring = run?.scoring ?? null;
    const text = scoring?.status === 'running' ? words.scoring(scoringText(scoring)) : words.none;
    const score =
      scoring?.status === 'offered'
        ? button({
            label: scoring.scored > 0 ? strings.scoring.rest : strings.scoring.score,
            primary: true,
            onClick: () => this.source.score(),
          })
        : null;
    const empty = h('div', { class: 'empty', role: 'status' }, text, score);
    if (!this.element.firstElementChild?.isEqualNode(empty)) replace(this.element, empty);
  }

  private async reveal(key: string): Promise<void> {
    if (this.query.filter !== '') {
      this.brush = null;
      this.query = { ...this.query, filter: '' };
      await this.reload();
    }
    const index = await this.source.locate(this.query, key);
    if (index === null) return this.source.announce(words.gone);
    this.list.show(index);
    this.list.element.focus();
  }

  private async reload(): Promise<void> {
    const { query } = this;
    const first = await this.source.pairs({ ...query, from: 0 });
    if (query !== this.query) return;
    this.first = first;
    this.pages.clear();
    this.pages.put(0, first.rows, this.pages.generation);
    this.widest = first.histogram.edges.reduce((widest, edge) => Math.max(widest, Math.abs(edge)), 1e-9);
    this.drawSummary(first);
    this.histogram.show(first, this.brush);
    this.drawHead();
    this.list.setCount(first.shown);
    this.list.refresh();
  }

  private drawSummary({ total, negative, shown, histogram }: PairsPage): void {
    const choices = this.steps.map((step) => ({
      id: String(step),
      label: step === 0 ? words.before : strings.stepChoice(step, this.best),
    }));
    const below: Brush = [at(histogram.edges, 0), 0];
    replace(
      this.summary,
      h('span', {}, words.count(counted(total))),
      negative > 0
        ? h(
            'button',
            { class: 'link bad', on: { click: () => this.select(below, 'margin:<0') } },
            words.negative(counted(negative)),
          )
        : h('span', { class: 'muted' }, words.negative('0')),
      this.query.filter !== ''
        ? h(
            'span',
            { class: 'muted' },
            words.shown(counted(shown)),
            ' · ',
            h('button', { class: 'link', on: { click: () => this.select(null) } }, words.showAll),
          )
        : null,
      h('span', { class: 'grow' }),
      this.startsAsReference
        ? h('span', { class: 'muted clip', title: words.startIsReferenceHelp }, words.startIsReference)
        : null,
      h('span', { class: 'muted wide' }, words.scoredAt),
      dropdown(words.scoredAt, choices, String(this.query.step), (id) => {
        this.brush = null;
        this.change({ step: Number(id), filter: '' });
      }),
    );
  }

  private drawHead(): void {
    const cells = columns
      .filter(({ sort }) => !this.startsAsReference || sort !== 'before')
      .map(({ sort, label, class: name }) => {
        if (sort === null) return h('span', { class: name }, label);
        const sorted = this.query.sort === sort;
        // Reads `this.query` when clicked: a quick second click comes before the first one has drawn the head again.
        const flip = (): void => this.change(sortedBy(this.query, sort));
        return h(
          'button',
          {
            class: sorted ? `sort sorted ${name}` : `sort ${name}`,
            on: { click: flip },
            aria: { label: words.sortBy(label), pressed: String(sorted) },
          },
          label + sortMark<Sort>(this.query, sort),
        );
      });
    replace(this.head, ...cells);
  }

  private select(brush: Brush, filter = filterOf(brush)): void {
    this.brush = brush;
    this.change({ filter });
  }

  private change(part: Partial<PairsQuery>): void {
    this.query = { ...this.query, ...part };
    this.list.show(-1);
    this.reload().catch(this.source.failed);
  }

  private need(from: number, count: number): void {
    const { query } = this;
    this.pages.fill(from, count, {
      ask: async (start) => (await this.source.pairs({ ...query, from: start })).rows,
      arrived: () => this.list.refresh(),
      failed: (error) => this.source.failed(error),
    });
  }

  private row(index: number): RewardRow | undefined {
    return this.pages.row(index);
  }

  private open(index: number): void {
    const row = this.row(index);
    if (row) this.source.open(row);
  }

  /** Of the selected pair, or of the first. */
  private showTokens(): void {
    const row = this.row(Math.max(0, this.list.selected));
    if (row) this.source.tokens(row, this.query.step);
  }

  private drawRow(element: HTMLElement, index: number): void {
    const row = this.row(index);
    element.classList.add('pairs-row');
    if (!row || !this.first) return;
    const bar = h('span', { class: 'mini wide' }, marginBar(row.margin, this.widest));
    element.append(
      h('span', { class: 'num muted' }, String(row.line)),
      row.prompt === null
        ? h('span', { class: 'clip muted changed' }, words.changed)
        : h('span', { class: 'clip', title: row.prompt }, row.prompt),
      h('span', { class: 'num wide' }, signed(row.chosen)),
      h('span', { class: 'num wide' }, signed(row.rejected)),
      bar,
      h('span', { class: row.margin < 0 ? 'num bad' : 'num' }, signed(row.margin)),
    );
    if (!this.startsAsReference)
      element.append(h('span', { class: 'num wide muted' }, row.before === null ? '' : signed(row.before)));
  }
}

function filterOf(brush: Brush): string {
  return brush === null ? '' : `margin:${rangeText(...brush)}`;
}

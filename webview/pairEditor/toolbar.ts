import type { PairRule } from '../../src/pairs/pairRule';
import type { FacetsSoFar } from '../../src/protocol/facets';
import type { Overview } from '../../src/protocol/pairEditor';
import { button } from '../shared/controls';
import { h, icon, replace } from '../shared/dom';
import { counted } from '../shared/format';
import { FilterBox, type FilterBoxOptions } from '../shared/filter/filterBox';
import { RewardChoiceBar, type RewardChoiceOptions } from './rewardChoiceBar';
import { RuleBar } from './ruleBar';
import { strings } from './strings';
import { tokenStrings } from './tokens/tokenStrings';

export interface ToolbarOptions {
  readonly filter: (text: string) => void;
  readonly rewards: RewardChoiceOptions['choose'];
  readonly diff: () => void;
  readonly rendered: () => void;
  readonly review: () => void;
  readonly rule: (rule: PairRule) => void;
  /** Stops or continues the checks of the file. */
  readonly check: (on: boolean) => void;
  readonly facets: FilterBoxOptions['facets'];
  /** Called when a key in the filter leads back to the list. */
  readonly leave: () => void;
}

/** The bar at the top: filter, counts, problems, choice of rewards, word diff; below it, the pair rule of lists. */
export class Toolbar {
  readonly elements: readonly HTMLElement[];
  private readonly rule: RuleBar;
  private readonly field: FilterBox;
  // These elements stay while their texts change ten times a second. A click on an element that is removed is lost.
  private readonly shown = h('b', { class: 'num' });
  private readonly rest = h('span', { class: 'muted' });
  private readonly flaws = h('button', { class: 'link warn num', on: { click: () => this.field.apply('problem') } });
  private readonly all = h('button', { class: 'link', on: { click: () => this.field.apply('') } }, strings.allRows);
  private readonly work = h('span', { class: 'muted num' });
  private readonly check = h('button', {
    class: 'link',
    on: { click: () => this.options.check(this.stopped === true) },
  });
  /** Null until it is drawn. */
  private stopped: boolean | null = null;
  private readonly rewards: RewardChoiceBar;
  private readonly diff: HTMLElement;
  private readonly rendered: HTMLElement;
  private readonly tokens: HTMLElement;
  /** Called for a click on *Tokens*. */
  onTokens: () => void = () => undefined;

  constructor(private readonly options: ToolbarOptions) {
    const { filter, facets, leave } = options;
    this.field = new FilterBox({ hint: strings.filter, filter, facets, leave });
    for (const element of [this.flaws, this.all, this.work, this.check]) element.hidden = true;
    this.diff = button({ label: strings.diff, icon: 'diff', title: strings.diffTitle, onClick: options.diff });
    const { rendered: onClick } = options;
    this.rendered = button({ label: strings.rendered, icon: 'open-preview', title: strings.renderedTitle, onClick });
    const { button: label, buttonTitle: title } = tokenStrings;
    this.tokens = button({ label, icon: 'symbol-string', title, needsNode: true, onClick: () => this.onTokens() });
    this.rule = new RuleBar(options.rule);
    this.rewards = new RewardChoiceBar({ choose: options.rewards });
    const bar = h(
      'div',
      { class: 'bar' },
      this.field.element,
      h('span', { class: 'counts' }, h('span', {}, this.shown, this.rest), this.flaws, this.all, this.work, this.check),
      h('span', { class: 'grow' }),
      this.rewards.element,
      this.tokens,
      this.rendered,
      this.diff,
      button({
        label: strings.review,
        icon: 'checklist',
        title: strings.reviewTitle,
        needsNode: true,
        onClick: options.review,
      }),
    );
    this.elements = [bar, this.field.error, this.rule.element];
  }

  facetsSoFar(counts: FacetsSoFar): void {
    this.field.soFar(counts);
  }

  focusFilter(): void {
    this.field.focus();
  }

  setFilter(text: string): void {
    this.field.set(text);
  }

  /** Whether words that differ are marked, and whether texts are shown as Markdown. */
  setLook({ diff, rendered }: { readonly diff: boolean; readonly rendered: boolean }): void {
    press(this.diff, diff && !rendered);
    press(this.rendered, rendered);
  }

  /** Whether tokens are shown in place of the pair. */
  setTokens(on: boolean): void {
    press(this.tokens, on);
  }

  draw(overview: Overview): void {
    const { shown, problemRows } = overview;
    this.shown.textContent = counted(shown);
    this.rest.textContent = ` ${ofRows(overview)}`;
    const title = strings.problems(counted(problemRows));
    replace(this.flaws, icon('warning'), ` ${counted(problemRows)}`);
    name(this.flaws, title);
    this.flaws.hidden = problemRows === 0;
    this.all.hidden = this.field.value === '';
    this.drawProgress(overview);
    this.rewards.draw(overview);
    this.rule.draw(overview.lists);
  }

  private drawProgress({ progress }: Overview): void {
    this.work.hidden = progress === null;
    this.check.hidden = progress?.kind !== 'checking';
    if (progress === null) return;
    const { kind, share, stopped } = progress;
    const say = kind === 'reading' ? strings.reading : stopped ? strings.checked : strings.checking;
    this.work.textContent = say(`${Math.floor(share * 100)} %`);
    if (stopped === this.stopped) return;
    this.stopped = stopped;
    replace(this.check, icon(stopped ? 'debug-continue' : 'debug-stop'));
    name(this.check, stopped ? strings.checkOn : strings.stopChecking);
  }

  /** Filters the list. */
  apply(filter: string): void {
    this.field.apply(filter);
  }
}

/** What follows the number of shown rows. */
function ofRows({ shown, searched, rows }: Overview): string {
  if (searched !== null) return strings.searched(counted(searched), counted(rows));
  return shown === rows ? strings.rows(rows) : strings.of(counted(rows));
}

/** Names a button that has only an icon or a number. */
function name(element: HTMLElement, title: string): void {
  element.title = title;
  element.ariaLabel = title;
}

function press(element: HTMLElement, on: boolean): void {
  element.setAttribute('aria-pressed', String(on));
  element.classList.toggle('on', on);
}

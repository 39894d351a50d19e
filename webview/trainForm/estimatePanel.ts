import type { BatchAdvice, EstimateState } from '../../src/protocol/trainForm';
import type { KeyEdit } from '../../src/run/configEdits';
import type { FirstRow } from '../../src/run/firstRow';
import { h, icon, replace } from '../shared/dom';
import { strings } from './strings';
import { targetIcon, targetItems } from './targetItems';

/** The time and memory of the run, as the config stands. */
export class EstimatePanel {
  private readonly text = h('span', { class: 'grow', role: 'status' });
  private readonly action = h('button', { class: 'link' });
  private readonly rates = h('button', { class: 'link', title: strings.rateFindTitle }, strings.rateFind);
  private readonly more = h('ul', { class: 'estimate-more' });
  readonly element = h(
    'section',
    { class: 'estimate', aria: { label: strings.estimate } },
    h('div', { class: 'estimate-line' }, this.text, this.action, this.rates),
    this.more,
  );
  private isRunning = false;

  constructor(
    start: () => void,
    cancel: () => void,
    private readonly openRow: (row: number) => void,
    testRates: () => void,
    private readonly apply: (edits: readonly KeyEdit[], said: string) => void,
  ) {
    this.rates.addEventListener('click', testRates);
    this.action.addEventListener('click', () => (this.isRunning ? cancel() : start()));
  }

  focusRates(): void {
    this.rates.focus();
  }

  show(state: EstimateState): void {
    this.isRunning = state.kind === 'running' || state.kind === 'waiting';
    this.element.hidden = state.kind === 'none';
    replace(this.text, ...line(state));
    this.action.textContent = this.isRunning ? strings.cancel : strings.estimateNow;
    const sentences = state.kind === 'done' ? [...state.problems, ...state.remarks] : [];
    const first = state.kind === 'done' && state.first.length > 0 ? [this.firstStep(state.first)] : [];
    const batch = state.kind === 'done' && state.batch !== null ? [this.batchAdvice(state.batch)] : [];
    const held = state.kind === 'done' && state.heldOut === 0 ? [this.splitAdvice()] : [];
    const target = state.kind === 'target' ? targetItems(state.needs) : [];
    const items = [...target, ...sentences.map((sentence) => h('li', {}, sentence)), ...batch, ...held, ...first];
    replace(this.more, ...items);
    this.more.hidden = items.length === 0;
  }

  /** The largest batch that fits, and a button that sets it. */
  private batchAdvice({ size, accumulation, isLimit, isUsed, speeds }: BatchAdvice): HTMLElement {
    const measured = speeds.map((speed) => strings.batchSpeed(speed.pairs, speed.tokensPerSecond)).join(', ');
    const edits = [
      { name: 'per_device_train_batch_size', json: String(size) },
      { name: 'gradient_accumulation_steps', json: String(accumulation) },
    ];
    const use = (): void => this.apply(edits, strings.batchUsed(size, accumulation));
    const title = strings.useBatchTitle(size, accumulation);
    const button = h('button', { class: 'link', title, on: { click: use } }, strings.useBatch(size, accumulation));
    return h('li', {}, strings.batchFits(size, isLimit, measured), isUsed ? null : button);
  }

  /** Says that no rows are held out, and has a button that holds out a tenth of the prompts. */
  private splitAdvice(): HTMLElement {
    const use = (): void => this.apply([{ name: 'test_split_size', json: '0.1' }], strings.heldOutNow);
    const title = strings.holdOutTitle;
    return h('li', {}, strings.noHeldOut, h('button', { class: 'link', title, on: { click: use } }, strings.holdOut));
  }

  /** The rows of the first step; each leads to its pair, where T shows its tokens. */
  private firstStep(rows: readonly FirstRow[]): HTMLElement {
    const links = rows.flatMap((row) => [
      ' ',
      h(
        'button',
        { class: 'link', title: tokensOf(row), on: { click: () => this.openRow(row.row) } },
        String(row.line),
      ),
    ]);
    return h('li', { title: strings.firstTitle }, strings.firstStep, ...links);
  }
}

function tokensOf({ prompt, chosen, rejected }: FirstRow): string {
  return strings.tokens(prompt, chosen, rejected);
}

function line(state: EstimateState): (Node | string)[] {
  switch (state.kind) {
    case 'none':
      return [];
    case 'waiting':
      return [strings.estimateWaits];
    case 'running':
      return [icon('loading'), ` ${strings.estimating(state.doing)}`];
    case 'busy':
      return [strings.estimateBusy];
    case 'stopped':
      return [strings.estimateStopped];
    case 'failed':
      return [icon('error'), ` ${strings.estimateFailed(state.message)}`];
    case 'target': {
      const { target, fits, summary } = state.needs;
      return [icon(targetIcon(state.needs)), ` ${strings.targetNeeds(target, fits !== false, summary)}`];
    }
    case 'done':
      return [icon(state.fits ? 'pass' : 'warning'), ` ${strings.estimated(state.fits, state.summary)}`];
  }
}

import type { RunDetail, Sample } from '../../src/protocol/runPanel';
import { dropdown } from '../shared/controls';
import { h, replace } from '../shared/dom';
import { sampleSection, type SampleBasis } from './sampleSection';
import { strings } from './strings';

const { samples: words } = strings;

/** Answers to a few prompts after a step, by default the last one, with what has changed since the start or a step. */
export class SamplesTab {
  readonly element = h('div', { class: 'samples' });
  private readonly bar = h('div', { class: 'bar summary' });
  private readonly list = h('div');
  /** The step that the person chose; null: the last one. */
  private chosen: number | null = null;
  private basis: SampleBasis = 'start';
  private steps: readonly number[] = [];
  private wanted = '';
  private folder = '';
  private choices = '';
  private shown = '';

  constructor(
    private readonly ask: (step: number) => Promise<readonly Sample[]>,
    private readonly failed: (error: unknown) => void,
  ) {}

  /** Draws the samples of a run if they have changed. */
  async show({ run, sampleSteps, sampleStep }: RunDetail): Promise<void> {
    if (!run) return;
    if (run.folder !== this.folder) [this.chosen, this.shown, this.folder] = [null, '', run.folder];
    if (sampleStep === null) return replace(this.element, h('div', { class: 'empty' }, words.none));
    this.steps = sampleSteps;
    this.drawChoices(sampleSteps, sampleStep, run.state?.best?.step ?? null);
    if (this.list.parentElement !== this.element) replace(this.element, this.bar, this.list);
    await this.draw(this.chosen ?? sampleStep);
  }

  private drawChoices(steps: readonly number[], last: number, best: number | null): void {
    const step = this.chosen ?? last;
    const choices = JSON.stringify([steps, step, last, best, this.basis]);
    if (choices === this.choices) return;
    this.choices = choices;
    const options = steps.map((one) => ({ id: String(one), label: strings.stepChoice(one, best) }));
    const choose = (id: string): void => {
      this.chosen = Number(id) === last ? null : Number(id);
      this.draw(Number(id)).catch(this.failed);
    };
    const take = (basis: SampleBasis): void => {
      this.basis = basis;
      this.drawChoices(steps, last, best);
      this.draw(this.chosen ?? last).catch(this.failed);
    };
    const focused = [...this.bar.querySelectorAll('button')].findIndex((one) => one === document.activeElement);
    replace(
      this.bar,
      h('span', { class: 'muted wide' }, words.against),
      ...(['start', 'previous'] as const).map((basis) => this.basisButton(basis, take)),
      h('span', { class: 'grow' }),
      h('span', { class: 'muted wide' }, words.answeredAt),
      dropdown(words.answeredAt, options, String(step), choose),
    );
    if (focused >= 0) this.bar.querySelectorAll('button')[focused]?.focus();
  }

  private basisButton(basis: SampleBasis, take: (basis: SampleBasis) => void): HTMLElement {
    const label = `${words.against} ${words[basis]}`;
    const aria = { pressed: String(basis === this.basis), label };
    return h('button', { class: 'option', aria, on: { click: () => take(basis) } }, words[basis]);
  }

  private async draw(step: number): Promise<void> {
    const before = this.basis === 'previous' ? this.steps.findLast((one) => one < step) : undefined;
    const wanted = JSON.stringify([step, before]);
    this.wanted = wanted;
    const [samples, earlier] = await Promise.all([this.ask(step), before === undefined ? [] : this.ask(before)]);
    const shown = JSON.stringify([wanted, samples, earlier]);
    // The person may have chosen another step in the meantime.
    if (wanted !== this.wanted || shown === this.shown) return;
    this.shown = shown;
    const basis = before === undefined ? null : { step: before, samples: earlier };
    replace(this.list, ...samples.map((sample) => sampleSection(sample, step, basis)));
  }
}

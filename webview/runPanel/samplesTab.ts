import type { RunDetail, Sample } from '../../src/protocol/runPanel';
import { dropdown } from '../shared/controls';
import { h, replace } from '../shared/dom';
import { strings } from './strings';

const { samples: words } = strings;

/** Answers to a few prompts, from before the training and from after a step, by default the last one. */
export class SamplesTab {
  readonly element = h('div', { class: 'samples' });
  private readonly bar = h('div', { class: 'bar summary' });
  private readonly list = h('div');
  /** The step that the person chose; null: the last one. */
  private chosen: number | null = null;
  private wanted = 0;
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
    this.drawChoices(sampleSteps, sampleStep, run.state?.best?.step ?? null);
    if (this.list.parentElement !== this.element) replace(this.element, this.bar, this.list);
    await this.draw(this.chosen ?? sampleStep);
  }

  private drawChoices(steps: readonly number[], last: number, best: number | null): void {
    const step = this.chosen ?? last;
    const choices = JSON.stringify([steps, step, last, best]);
    if (choices === this.choices) return;
    this.choices = choices;
    const options = steps.map((one) => ({ id: String(one), label: strings.stepChoice(one, best) }));
    const choose = (id: string): void => {
      this.chosen = Number(id) === last ? null : Number(id);
      this.draw(Number(id)).catch(this.failed);
    };
    replace(
      this.bar,
      h('span', { class: 'grow' }),
      h('span', { class: 'muted wide' }, words.answeredAt),
      dropdown(words.answeredAt, options, String(step), choose),
    );
  }

  private async draw(step: number): Promise<void> {
    this.wanted = step;
    const samples = await this.ask(step);
    const shown = JSON.stringify([step, samples]);
    // The person may have chosen another step in the meantime.
    if (step !== this.wanted || shown === this.shown) return;
    this.shown = shown;
    replace(this.list, ...samples.map(sampleOf));
  }
}

function sampleOf({ prompt, before, after }: Sample): HTMLElement {
  const turn = (label: string, text: string): HTMLElement[] => [
    h('span', { class: 'muted label' }, label),
    h('span', { class: 'said' }, text),
  ];
  return h(
    'section',
    { class: 'sample' },
    h('b', {}, prompt),
    ...turn(words.before, before),
    ...turn(words.after, after),
  );
}

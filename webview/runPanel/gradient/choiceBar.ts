import type { GradientChoice, GradientPage } from '../../../src/protocol/gradient';
import { button, dropdown } from '../../shared/controls';
import { h, replace } from '../../shared/dom';
import { gradientStrings as words } from './gradientStrings';
import { placeOf, sliderSteps, valueAt } from './sentences';

/** The id of the run's own losses in the list; no objective has this name. */
const ofRun = '';

/** The choice of objective, beta and learning rate. A drag changes it live. */
export class ChoiceBar {
  readonly element = h('div', { class: 'bar gradient-choice' });
  private readonly list = h('span', { class: 'gradient-field' });
  private readonly beta: Slider;
  private readonly rate: Slider;
  private run: GradientPage['run'] = { losses: [], beta: 1, rate: 1 };
  private choice: GradientChoice = { objective: null, beta: 1, rate: 1 };
  private drawn = '';

  constructor(private readonly choose: (choice: GradientChoice) => void) {
    this.beta = new Slider(words.beta, (place) => this.change({ beta: valueAt(this.run.beta, place) }));
    this.rate = new Slider(words.rate, (place) => this.change({ rate: valueAt(this.run.rate, place) }));
    const reset = button({ label: words.reset, onClick: () => this.reset() });
    replace(this.element, this.list, this.beta.element, this.rate.element, reset);
  }

  show({ run, objectives }: GradientPage, choice: GradientChoice): void {
    this.run = run;
    this.choice = choice;
    this.beta.show(placeOf(run.beta, choice.beta), choice.beta);
    this.rate.show(placeOf(run.rate, choice.rate), choice.rate);
    const drawn = JSON.stringify([run.losses, objectives, choice.objective]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const choices = [
      { id: ofRun, label: words.ofRun(run.losses.join(' + ')) },
      ...objectives.filter((name) => !isOnly(name, run.losses)).map((name) => ({ id: name, label: name })),
    ];
    const chosen = choice.objective === null ? ofRun : choice.objective;
    replace(
      this.list,
      h('span', { class: 'muted wide' }, words.objective),
      dropdown(words.objective, choices, chosen, (id) => this.change({ objective: id === ofRun ? null : id })),
    );
  }

  private change(part: Partial<GradientChoice>): void {
    this.choice = { ...this.choice, ...part };
    this.choose(this.choice);
  }

  private reset(): void {
    this.change({ objective: null, beta: this.run.beta, rate: this.run.rate });
  }
}

const isOnly = (name: string, losses: readonly string[]): boolean => losses.length === 1 && losses[0] === name;

/** A slider on a log scale with its value in digits. */
class Slider {
  readonly element: HTMLElement;
  private readonly range = h('input') as HTMLInputElement;
  private readonly digits = h('span', { class: 'num' });

  constructor(label: string, moved: (place: number) => void) {
    this.range.type = 'range';
    this.range.min = '0';
    this.range.max = String(sliderSteps);
    this.range.setAttribute('aria-label', label);
    this.range.addEventListener('input', () => moved(this.range.valueAsNumber));
    this.element = h(
      'label',
      { class: 'gradient-field' },
      h('span', { class: 'muted' }, label),
      this.range,
      this.digits,
    );
  }

  show(place: number, value: number): void {
    this.range.value = String(place);
    const text = value < 1e-3 ? value.toExponential().replace('e-', 'e−') : String(value);
    this.range.setAttribute('aria-valuetext', text);
    this.digits.textContent = text;
  }
}

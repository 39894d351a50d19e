import type { FormState } from '../../src/protocol/trainForm';
import { button } from '../shared/controls';
import { h, icon, replace } from '../shared/dom';
import type { Shown } from './sections';
import { strings } from './strings';

export interface HeaderActions {
  readonly show: () => void;
  readonly nextProblem: () => void;
  readonly presets: () => void;
  readonly openText: () => void;
  readonly start: () => void;
}

/** The bar of the form: search, problems, and the button that starts a run. */
export class Header {
  readonly element: HTMLElement;
  private readonly input = document.createElement('input');
  private readonly changed = document.createElement('input');
  private readonly problems = h('button', { class: 'link problems', title: strings.problemsTitle });
  private readonly presets: HTMLElement;
  private readonly start: HTMLElement;

  constructor(actions: HeaderActions) {
    this.input.type = 'search';
    this.input.className = 'text-input search';
    this.input.placeholder = strings.search;
    this.input.setAttribute('aria-label', strings.searchHelp);
    this.input.addEventListener('input', () => actions.show());
    this.changed.type = 'checkbox';
    this.changed.addEventListener('change', () => actions.show());
    this.problems.addEventListener('click', () => actions.nextProblem());
    const { start: onClick, presets } = actions;
    this.presets = button({ label: strings.presets, title: strings.presetsTitle, onClick: presets });
    this.start = button({ label: strings.start, icon: 'play', primary: true, title: strings.startTitle, onClick });
    this.element = h(
      'header',
      { class: 'bar' },
      this.input,
      h('label', { class: 'check', title: strings.onlyChangedTitle }, this.changed, strings.onlyChanged),
      h('span', { class: 'grow' }),
      this.problems,
      this.presets,
      button({ label: strings.openText, icon: 'go-to-file', onClick: actions.openText }),
      this.start,
    );
  }

  get shown(): Shown {
    return { search: this.input.value, onlyChanged: this.changed.checked };
  }

  set shown({ search, onlyChanged }: Shown) {
    this.input.value = search;
    this.changed.checked = onlyChanged;
  }

  draw({ noRuns }: FormState, problems: number): void {
    replace(
      this.problems,
      problems > 0 ? icon('error') : icon('pass'),
      problems > 0 ? strings.problems(problems) : strings.noProblems,
    );
    this.problems.classList.toggle('bad', problems > 0);
    this.problems.toggleAttribute('disabled', problems === 0);
    this.start.toggleAttribute('disabled', noRuns !== null || problems > 0);
    this.start.title = noRuns ?? strings.startTitle;
  }

  focusPresets(): void {
    this.presets.focus();
  }

  focusSearch(): void {
    this.input.focus();
    this.input.select();
  }

  clearSearch(): boolean {
    if (document.activeElement !== this.input || this.input.value === '') return false;
    this.input.value = '';
    return true;
  }
}

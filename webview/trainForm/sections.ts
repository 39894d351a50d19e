import type { FormSection } from '../../src/run/formTypes';
import type { FormState } from '../../src/protocol/trainForm';
import { h, replace } from '../shared/dom';
import { bringIntoView } from './bringIntoView';
import { Field, type FieldActions } from './field';
import { numberMark } from './numberMark';
import { fitsSearch } from './search';
import { strings } from './strings';

interface Section {
  readonly title: string;
  readonly element: HTMLElement;
  readonly link: HTMLElement;
  readonly fields: readonly Field[];
}

/** Which keys are shown. */
export interface Shown {
  readonly search: string;
  readonly onlyChanged: boolean;
}

/** The sections with their fields, and the list that leads to them. */
export class Sections {
  readonly nav = h('nav', { class: 'nav', aria: { label: strings.sections } });
  readonly element = h('div', { class: 'sections' });
  private readonly all: readonly Section[];

  constructor(sections: readonly FormSection[], actions: FieldActions) {
    this.all = sections.map((section) => makeSection(section, actions));
    replace(this.nav, ...this.all.map(({ link }) => link));
    replace(this.element, ...this.all.map(({ element }) => element));
  }

  get fields(): readonly Field[] {
    return this.all.flatMap(({ fields }) => fields);
  }

  take({ form }: FormState): void {
    for (const field of this.fields) {
      const state = form.keys[field.key.name];
      if (state) field.show(state);
    }
    this.count();
  }

  /** Shows numbers of changes and problems beside the sections. */
  count(): void {
    for (const { title, link, fields } of this.all) {
      const changed = fields.filter((field) => field.isChanged).length;
      const problems = fields.filter((field) => field.hasProblem).length;
      replace(
        link,
        h('span', { class: 'clip' }, title),
        changed > 0 ? numberMark('muted', changed, strings.changed(changed)) : null,
        problems > 0 ? numberMark('bad', problems, strings.problems(problems)) : null,
      );
    }
  }

  /** @returns the number of keys shown */
  filter({ search, onlyChanged }: Shown): number {
    let count = 0;
    for (const { element, link, fields } of this.all) {
      let any = false;
      for (const field of fields) {
        const isShown = fitsSearch(field.key, search) && (!onlyChanged || field.isChanged || field.hasProblem);
        field.element.hidden = !isShown;
        any ||= isShown;
        if (isShown) count++;
      }
      element.hidden = !any;
      link.hidden = !any;
    }
    return count;
  }
}

function makeSection({ id, title, keys }: FormSection, actions: FieldActions): Section {
  const fields = keys.map((key) => new Field(key, actions));
  const heading = h('h2', { id: `section-${id}`, tabIndex: -1 }, title);
  const element = h('section', { aria: { labelledby: heading.id } }, heading, ...fields.map((field) => field.element));
  const go = (): void => {
    bringIntoView(heading);
    heading.focus({ preventScroll: true });
  };
  return { title, element, link: h('button', { class: 'nav-link', on: { click: go } }), fields };
}

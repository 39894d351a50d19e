import { h, replace } from '../shared/dom';

/** The parts of the page, from top to bottom; those of `split` are side by side. */
export interface PageParts {
  readonly top: readonly HTMLElement[];
  readonly split: readonly HTMLElement[];
  readonly bottom: readonly HTMLElement[];
}

/** Puts the parts into the page. */
export function layOut({ top, split, bottom }: PageParts): void {
  replace(document.body, ...top, h('div', { class: 'split' }, ...split), ...bottom);
}

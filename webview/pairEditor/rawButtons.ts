import type { RowProblem } from '../../src/protocol/rowProblem';
import { button } from '../shared/controls';
import { h } from '../shared/dom';
import { strings } from './strings';

export interface RawActions {
  readonly openText: () => void;
  readonly chooseFormat: () => void;
}

/** Problems of rows that another format, or own columns, may read. */
const ofFormats: readonly string[] = ['unknown-shape', 'missing-field'];

/** What to do with a row that holds no pair: choose how the file is read, if that may help, or open it as text. */
export function rawButtons(problems: readonly RowProblem[], { openText, chooseFormat }: RawActions): HTMLElement {
  const isOfFormat = problems.some(({ code }) => ofFormats.includes(code));
  return h(
    'div',
    { class: 'raw-buttons' },
    isOfFormat
      ? button({ label: strings.nameColumns, icon: 'list-selection', primary: true, onClick: chooseFormat })
      : null,
    button({ label: strings.openText, icon: 'go-to-file', onClick: openText }),
  );
}

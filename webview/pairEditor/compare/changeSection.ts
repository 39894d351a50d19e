import type { PartChange } from '../../../src/pairs/compare/partChanges';
import { wordDiff } from '../../../src/pairs/wordDiff';
import { maxPartText, type RowChange } from '../../../src/protocol/comparison';
import { h, icon } from '../../shared/dom';
import { counted } from '../../shared/format';
import { plainText } from '../turnText';
import { compareStrings as strings } from './compareStrings';

/** What a person does with a changed row. */
export type ChangeAction = 'restore' | 'moveBack' | 'inEditor';

export interface ChangeSectionOptions {
  /** What the file is compared with. */
  readonly name: string;
  readonly readOnly: boolean;
  readonly act: (action: ChangeAction) => void;
}

const icons = { added: 'diff-added', edited: 'diff-modified', moved: 'arrow-swap' } as const;

/** How the shown row differs from the file that it is compared with: before and now, side by side. */
export function changeSection(
  { kinds, lineBefore, parts }: RowChange,
  { name, readOnly, act }: ChangeSectionOptions,
): HTMLElement {
  const isEdited = kinds.includes('edited');
  const button = (label: string, title: string, action: ChangeAction): HTMLElement =>
    h('button', { class: 'link', title, on: { click: () => act(action) } }, label);
  const head = h(
    'div',
    { class: 'change-head' },
    h(
      'b',
      {},
      ...kinds.map((kind) => icon(icons[kind])),
      strings.since(kinds.map((kind) => strings.kinds[kind]).join(', '), name),
    ),
    lineBefore === null ? null : h('span', { class: 'muted num' }, strings.wasLine(counted(lineBefore))),
    h('span', { class: 'grow' }),
    isEdited && !readOnly ? button(strings.restore, strings.restoreTitle, 'restore') : null,
    kinds.includes('moved') && !readOnly ? button(strings.moveBack, strings.moveBackTitle, 'moveBack') : null,
    isEdited ? button(strings.inEditor, strings.inEditorTitle, 'inEditor') : null,
  );
  const isCut = parts.some(({ before, after }) => Math.max(before.length, after.length) === maxPartText);
  const note = isCut ? h('p', { class: 'muted' }, strings.cut) : null;
  return h('section', { class: 'change', aria: { label: strings.change } }, head, ...parts.map(sideBySide), note);
}

function sideBySide({ part, before, after }: PartChange): HTMLElement {
  const diff = wordDiff(after, before);
  const column = (title: string, text: readonly (Node | string)[]): HTMLElement =>
    h(
      'div',
      { class: 'change-side' },
      h('div', { class: 'muted' }, `${strings.parts[part]} · ${title}`),
      h('div', { class: part === 'columns' || part === 'row' ? 'text code' : 'text', dir: 'auto' }, ...text),
    );
  return h(
    'div',
    { class: 'change-part' },
    column(strings.before, plainText(before, 'rejected', diff && diff.rejected)),
    column(strings.now, plainText(after, 'chosen', diff && diff.chosen)),
  );
}

import type { PresetPreview } from '../../src/run/presetEdits';
import { button } from '../shared/controls';
import { h, replace } from '../shared/dom';
import { bringIntoView } from './bringIntoView';
import { strings } from './strings';

/** What a preset would change, before it is applied. */
export class PresetPanel {
  readonly element = h('section', { class: 'preset', aria: { label: strings.preset } });
  private preview: PresetPreview | null = null;

  /** @param closed called when the panel goes away */
  constructor(
    private readonly apply: (preview: PresetPreview) => void,
    private readonly closed: () => void,
  ) {
    this.element.hidden = true;
    this.element.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      this.close();
    });
  }

  show(preview: PresetPreview): void {
    this.preview = preview;
    const { name, source, about, differs, changes } = preview;
    const accept = button({ label: strings.apply, primary: true, onClick: () => this.accept() });
    const isSame = changes.length === 0;
    replace(
      this.element,
      h('h2', {}, strings.presetTitle(name)),
      h('p', { class: 'help' }, `${about}. ${strings.presetSource(source)}`),
      differs === null ? null : h('p', { class: 'help' }, differs),
      isSame ? h('p', {}, strings.presetSame) : table(preview),
      h(
        'div',
        { class: 'value' },
        isSame ? null : accept,
        button({ label: strings.cancel, onClick: () => this.close() }),
      ),
    );
    this.element.hidden = false;
    this.element.tabIndex = -1;
    this.element.focus({ preventScroll: true });
    bringIntoView(this.element);
  }

  private accept(): void {
    const { preview } = this;
    this.close();
    if (preview) this.apply(preview);
  }

  private close(): void {
    this.preview = null;
    this.element.hidden = true;
    this.closed();
  }
}

/** The changes as a diff: a row for each key, before and after. */
function table({ changes }: PresetPreview): HTMLElement {
  const head = h('tr', {}, ...strings.presetColumns.map((text) => columnHead(text)));
  const rows = changes.map(({ name, from, json }) =>
    h(
      'tr',
      {},
      h('td', { class: 'name' }, name),
      h('td', {}, from === null ? h('span', { class: 'muted' }, strings.notGiven) : h('del', {}, from)),
      h('td', {}, json === null ? h('span', { class: 'muted' }, strings.leavesFile) : h('ins', {}, json)),
    ),
  );
  return h('table', { class: 'diff' }, h('thead', {}, head), h('tbody', {}, ...rows));
}

function columnHead(text: string): HTMLElement {
  const head = h('th', {}, text);
  head.setAttribute('scope', 'col');
  return head;
}

import type { FileFinding } from '../../src/pairs/fileCheck';
import { h, icon, replace } from '../shared/dom';
import { counted } from '../shared/format';
import { strings, type Unit } from './strings';

export interface FindingsBannerOptions {
  readonly reveal: (row: number) => void;
  readonly toggled: (open: boolean) => void;
}

const tones = { error: ['error', 'bad'], warning: ['warning', 'warn'], info: ['info', 'muted'] } as const;

/** Findings about the whole file: one line with the worst one, which opens to all of them, with links to the rows. */
export class FindingsBanner {
  readonly element = h('section', { class: 'findings', aria: { label: strings.findings } });
  private readonly list = h('ul', {});
  private readonly toggle = h('button', { class: 'findings-head', on: { click: () => this.setOpen(!this.isOpen) } });
  private isOpen = false;
  private drawn = '[]';

  constructor(private readonly options: FindingsBannerOptions) {
    this.element.append(this.toggle, this.list);
    this.element.hidden = true;
    this.show(false);
  }

  show(open: boolean): void {
    this.isOpen = open;
    this.list.hidden = !open;
    this.toggle.setAttribute('aria-expanded', String(open));
    this.element.classList.toggle('open', open);
  }

  draw(findings: readonly FileFinding[], unit: Unit): void {
    const wanted = JSON.stringify(findings);
    if (wanted === this.drawn) return;
    this.drawn = wanted;
    const [worst] = findings;
    this.element.hidden = !worst;
    if (!worst) return;
    const [name, tone] = tones[worst.severity];
    const rest = findings.length - 1;
    const more = rest > 0 ? h('span', { class: 'muted' }, strings.moreFindings(rest)) : null;
    const sign = h('span', { class: tone }, icon(name));
    const closed = h('span', { class: 'when-closed clip' }, sign, ` ${worst.message} `, more);
    replace(this.toggle, icon('chevron-right'), closed, h('span', { class: 'when-open' }, strings.findings));
    replace(this.list, ...findings.map((finding) => this.item(finding, unit)));
  }

  private setOpen(open: boolean): void {
    this.show(open);
    this.options.toggled(open);
  }

  private item({ severity, message, count, lines }: FileFinding, unit: Unit): HTMLElement {
    const [name, tone] = tones[severity];
    const links = lines.flatMap((line, i) => (i === 0 ? [this.link(line, unit)] : [', ', this.link(line, unit)]));
    const rows = ` ${strings.inRows(counted(count), count === 1, unit)} `;
    const where =
      lines.length === 0 ? null : h('span', { class: 'muted' }, rows, ...links, count > lines.length ? ' …' : '');
    return h('li', {}, h('span', { class: tone }, icon(name)), h('span', {}, message, where));
  }

  private link(line: number, unit: Unit): HTMLElement {
    const click = (): void => this.options.reveal(line - 1);
    return h(
      'button',
      { class: 'link num', aria: { label: strings.showRow(line, unit) }, on: { click } },
      String(line),
    );
  }
}

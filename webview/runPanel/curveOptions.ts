import { at } from '../../src/base/pure/must';
import { h, icon, replace } from '../shared/dom';
import { MenuButton, type MenuItem } from '../shared/menuButton';
import { type CurveChoices, smoothings } from './curveChoices';
import { strings } from './strings';
import { type AxisName, axisNames } from './xAxis';

const { options: words, optionHelp: help } = strings;

export interface OptionsSource {
  choices(): CurveChoices;
  change(part: Partial<CurveChoices>): void;
  /** Why the run has no such axis; null if it has. */
  missing(axis: AxisName): string | null;
  /** The step that the person pointed at last, else the newest; null without points. */
  step(): number | null;
  pin(step: number): void;
  zoomOut(): void;
  save(kind: 'csv' | 'svg' | 'png'): void;
}

/** The options of the curves, beside the tabs. */
export class CurveOptions {
  readonly element = h('div', { class: 'options', role: 'toolbar' });
  /** What the crosshair points at, or what is still to come. */
  private readonly at = h('span', { class: 'at num' });
  private readonly axis = new MenuButton(help.x, () => this.axes());
  private readonly more = new MenuButton(help.more, () => this.actions());
  private readonly smoothing = this.toggle(help.smoothing, ({ smoothing }) => {
    const index = smoothings.indexOf(smoothing);
    return { smoothing: at(smoothings, (index + 1) % smoothings.length) };
  });
  private readonly logY = this.toggle(help.logY, ({ logY }) => ({ logY: !logY }));
  private readonly table = this.toggle(help.table, ({ table }) => ({ table: !table }));

  constructor(private readonly source: OptionsSource) {
    const { axis, smoothing, logY, table, more } = this;
    replace(this.element, this.at, axis.element, smoothing, logY, table, more.element);
    more.label(icon('ellipsis'), help.more);
    this.draw();
  }

  say(text: string): void {
    this.at.textContent = text;
  }

  draw(): void {
    const { x, smoothing, logY, table } = this.source.choices();
    this.axis.label(words.axis(strings.axes.names[x]));
    this.smoothing.textContent = words.smoothing(smoothing);
    this.logY.textContent = words.logY;
    this.logY.setAttribute('aria-pressed', String(logY));
    this.table.textContent = words.table;
    this.table.setAttribute('aria-pressed', String(table));
  }

  private toggle(title: string, next: (choices: CurveChoices) => Partial<CurveChoices>): HTMLElement {
    const click = (): void => this.source.change(next(this.source.choices()));
    return h('button', { class: 'option', title, on: { click } });
  }

  private axes(): MenuItem[] {
    const { x } = this.source.choices();
    return axisNames.map((name) => {
      const missing = this.source.missing(name);
      return {
        label: strings.axes.names[name],
        title: strings.axes.help[name],
        kind: 'radio',
        checked: name === x,
        ...(missing === null ? {} : { disabled: missing }),
        choose: () => this.source.change({ x: name }),
      };
    });
  }

  private actions(): MenuItem[] {
    const { source } = this;
    const { logX, clip } = source.choices();
    const step = source.step();
    const save = (kind: 'csv' | 'svg' | 'png', label: string): MenuItem => ({
      label,
      kind: 'action',
      choose: () => source.save(kind),
    });
    const check = (label: string, title: string, checked: boolean, choose: () => void): MenuItem => ({
      label,
      title,
      kind: 'check',
      checked,
      choose,
    });
    return [
      check(words.logX, help.logX, logX, () => source.change({ logX: !logX })),
      check(words.clip, help.clip, clip, () => source.change({ clip: !clip })),
      { label: words.zoomOut, title: help.zoomOut, kind: 'action', choose: () => source.zoomOut() },
      ...(step === null
        ? []
        : [{ label: words.pin(step), title: help.pin, kind: 'action' as const, choose: () => source.pin(step) }]),
      save('csv', words.csv),
      save('svg', words.svg),
      save('png', words.png),
    ];
  }
}

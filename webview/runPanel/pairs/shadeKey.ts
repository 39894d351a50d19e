import type { ShownNumber } from '../../../src/pairs/fileNumber';
import { h, replace } from '../../shared/dom';
import { shortName } from './numberNames';
import { numberText } from './pairColumns';
import { pairStrings } from './pairStrings';
import { type Shade, shadeColour, shadeSteps } from './shades';

/** What the colours of a scatter mean. */
export class ShadeKey {
  readonly element = h('div', { class: 'shade-key', role: 'img' });

  /** @param shade null: the colours say the sign of the margin, which the zero line shows too */
  show(name: ShownNumber | null, shade: Shade | null): void {
    this.element.hidden = name === null || shade === null;
    if (name === null || shade === null) return;
    const [low, high] = [numberText(name, shade.range[0]), numberText(name, shade.range[1])];
    this.element.setAttribute('aria-label', pairStrings.shades(shortName(name), low, high));
    const colours = Array.from({ length: shadeSteps }, (_, step) => {
      const swatch = h('i', { aria: { hidden: 'true' } });
      swatch.style.background = shadeColour('var(--vscode-charts-blue)', 'var(--vscode-charts-yellow)', step);
      return swatch;
    });
    replace(this.element, h('span', { class: 'clip' }, shortName(name)), low, ...colours, high);
  }
}

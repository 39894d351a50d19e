import { h, replace } from '../../shared/dom';
import { signed } from '../../shared/format';
import { pairStrings } from './pairStrings';
import { type TrendLine, type TrendLines, trendShape } from './trendShape';

const space = 'http://www.w3.org/2000/svg';
/** Most steps that a label names one by one. */
const mostSaid = 12;

/** A small chart of the rewards of a pair over the steps of its run. */
export class TrendChart {
  readonly element = h('div', { class: 'trend', role: 'img' });
  private drawn = '';

  constructor(private readonly lines: readonly TrendLine[]) {}

  /** Draws a trend, if it has changed. @param size in CSS pixels */
  show(trend: TrendLines, size: { readonly width: number; readonly height: number }, step: number | null): void {
    const shape = trendShape(trend, this.lines, size, step);
    const drawn = JSON.stringify([shape, size]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const zero = size.width > 0 ? node('path', { class: 'zero', d: `M0 ${shape.zero}H${size.width}` }) : null;
    const shown = shape.shown === null ? null : node('path', { class: 'at', d: `M${shape.shown} 0V${size.height}` });
    const lines = this.lines.flatMap((line) => [
      node('path', { class: `line ${line}`, d: shape.paths[line] }),
      ...shape.dots[line].map(({ x, y }) => node('circle', { class: `dot ${line}`, cx: x, cy: y, r: 2 })),
    ]);
    const visits = shape.visits.map(({ x, y }) => node('circle', { class: 'visit', cx: x, cy: y, r: 2.5 }));
    const viewBox = `0 0 ${size.width} ${size.height}`;
    const svg = node('svg', { ...size, viewBox, preserveAspectRatio: 'none', 'aria-hidden': 'true' });
    svg.append(...[zero, shown, ...visits, ...lines].filter((child) => child !== null));
    replace(this.element, svg as unknown as HTMLElement);
    this.element.setAttribute('aria-label', labelOf(trend));
  }
}

/** The margins in words: all, or the last ones of many. */
export function labelOf({ steps, margins }: TrendLines): string {
  const known = Array.from(steps, (step, i) => ({ step, margin: margins[i] ?? Number.NaN }))
    .filter(({ margin }) => Number.isFinite(margin))
    .slice(-mostSaid);
  return pairStrings.trendLabel(
    known.map(({ step }) => step).join(', '),
    known.map(({ margin }) => signed(margin)).join(', '),
  );
}

function node(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const element = document.createElementNS(space, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element as SVGElement;
}

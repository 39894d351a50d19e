import type { SuspectsState } from '../../src/protocol/suspects';
import { strings } from './strings';

const namespace = 'http://www.w3.org/2000/svg';
const [width, height, edge] = [120, 18, 2];

/** A point of a line: where its step is in its run, from 0 to 1, and the margin. */
interface Point {
  readonly x: number;
  readonly margin: number;
}

/**
 * The margins of a pair over the steps of each run, as lines around zero. A run starts at 0, where its model is the
 * reference. A file of rewards without a step is a run of one step.
 *
 * @param margins [measurements]
 */
export function runLines(
  margins: readonly (number | null)[],
  measurements: SuspectsState['measurements'],
): readonly (readonly Point[])[] {
  const byRun = new Map<string, { readonly step: number; readonly margin: number }[]>();
  for (const [i, { run, step }] of measurements.entries()) {
    const margin = margins[i];
    if (margin === null || margin === undefined) continue;
    byRun.set(run, [...(byRun.get(run) ?? []), { step: step ?? 1, margin }]);
  }
  return [...byRun.values()].map((points) => {
    const last = Math.max(...points.map(({ step }) => step), 1);
    const sorted = points.toSorted((a, b) => a.step - b.step);
    return [{ x: 0, margin: 0 }, ...sorted.map(({ step, margin }) => ({ x: step / last, margin }))];
  });
}

/** Draws {@link runLines}. */
export function sparkline(lines: ReturnType<typeof runLines>, verdict: string): Element {
  const widest = Math.max(1, ...lines.flat().map(({ margin }) => Math.abs(margin)));
  const x = (point: Point): number => edge + point.x * (width - 2 * edge);
  const y = (point: Point): number => height / 2 - (point.margin / widest) * (height / 2 - edge);
  const drawn = lines.map((points) =>
    svg('polyline', { points: points.map((point) => `${x(point).toFixed(1)},${y(point).toFixed(1)}`).join(' ') }),
  );
  const zero = svg('line', { class: 'zero', x1: edge, x2: width - edge, y1: height / 2, y2: height / 2 });
  const ends = lines.flatMap((points) => points.at(-1)?.margin ?? []);
  const element = svg('svg', { class: `sparkline ${verdict}`, viewBox: `0 0 ${width} ${height}`, role: 'img' });
  element.setAttribute('aria-label', strings.sparkline(0, ends.reduce((a, b) => a + b, 0) / Math.max(1, ends.length)));
  element.append(zero, ...drawn);
  return element;
}

function svg(tag: string, attributes: Readonly<Record<string, string | number>>): Element {
  const element = document.createElementNS(namespace, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}

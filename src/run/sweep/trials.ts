import { seededRandom } from '../../base/pure/seededRandom';
import { at } from '../../base/pure/must';
import type { SweepAxis, Trial } from './types';

type Values = Readonly<Record<string, unknown>>;

/** After so many draws of combinations that are there already, the search for a new one ends. */
const mostRepeats = 1000;

/** Every combination of the values of the axes; the last axis changes fastest. */
export function gridValues(axes: readonly SweepAxis[]): Values[] {
  return axes.reduce<Values[]>(
    (found, axis) => found.flatMap((values) => valuesOf(axis).map((value) => ({ ...values, [axis.key]: value }))),
    [{}],
  );
}

function valuesOf(axis: SweepAxis): readonly unknown[] {
  return 'values' in axis ? axis.values : [axis.from, axis.to];
}

/**
 * Random combinations (Bergstra and Bengio 2012), no two equal: uniform over the values of an axis, or over its range,
 * on a logarithmic scale where the axis says so. The same seed gives the same ones. Fewer than `count` if there are not
 * so many.
 */
export function randomValues(axes: readonly SweepAxis[], count: number, seed: number): Values[] {
  const random = seededRandom(seed);
  const seen = new Set<string>();
  const found: Values[] = [];
  for (let repeats = 0; found.length < count && repeats < mostRepeats;) {
    const values = Object.fromEntries(axes.map((axis) => [axis.key, drawn(axis, random)]));
    const text = JSON.stringify(values);
    if (seen.has(text)) repeats += 1;
    else found.push(values);
    seen.add(text);
  }
  return found;
}

function drawn(axis: SweepAxis, random: () => number): unknown {
  if ('values' in axis) return at(axis.values, Math.floor(random() * axis.values.length));
  const { from, to, scale, integer } = axis;
  if (scale === 'log') return rounded(from * (to / from) ** random(), integer);
  return integer ? Math.floor(from + random() * (to - from + 1)) : rounded(from + random() * (to - from), false);
}

/** Three digits are enough for a setting, and a table of them can be read. */
const rounded = (value: number, integer: boolean): number =>
  integer ? Math.round(value) : Number(value.toPrecision(3));

/** Trials that have not started. */
export function newTrials(values: readonly Values[]): Trial[] {
  return values.map((one, index) => ({
    index,
    values: one,
    run: null,
    state: 'waiting',
    rung: 0,
    result: null,
    seconds: 0,
    error: null,
  }));
}

import { at } from '../../base/pure/must';

/** Most bars of a chart of numbers. */
const mostBars = 24;
/** This share at each end becomes one bar. Otherwise a single very long text would squeeze all others into one bar. */
const cut = 0.01;

/** From `from` to below `to`; null: no bound. */
export interface Bin {
  readonly from: number | null;
  readonly to: number | null;
}

/** The bins of some numbers, and whether each bin holds a single value. */
export interface Binning {
  readonly bins: readonly Bin[];
  readonly areValues: boolean;
}

/** Bins of round numbers. Few different values get a bin each. @param sorted ascending, at least one */
export function binning(sorted: Float64Array): Binning {
  const values = fewValues(sorted);
  if (values) return { bins: values.map((value) => ({ from: value, to: value })), areValues: true };
  const [least, most] = [at(sorted, 0), at(sorted, sorted.length - 1)];
  const low = at(sorted, Math.floor(cut * (sorted.length - 1)));
  const high = at(sorted, Math.ceil((1 - cut) * (sorted.length - 1)));
  const step = roundStep((high - low || most - least || 1) / (mostBars - 2));
  const [first, last] = [Math.floor(low / step), Math.floor(high / step)];
  const inner = Array.from({ length: last - first + 1 }, (_, i) => ({
    from: clean((first + i) * step),
    to: clean((first + i + 1) * step),
  }));
  const [start, end] = [at(inner, 0).from, at(inner, inner.length - 1).to];
  return {
    bins: [
      ...(least < start ? [{ from: null, to: start }] : []),
      ...inner,
      ...(most >= end ? [{ from: end, to: null }] : []),
    ],
    areValues: false,
  };
}

/** How many of the sorted numbers are in each bin. */
export function countsIn(sorted: Float64Array, { bins, areValues }: Binning): number[] {
  return bins.map(({ from, to }) => {
    const start = from === null ? 0 : below(sorted, from);
    const end = to === null ? sorted.length : areValues ? atMost(sorted, to) : below(sorted, to);
    return Math.max(0, end - start);
  });
}

/** The number below which a share of the sorted numbers lie: the nearest rank. */
export function quantileOf(sorted: Float64Array, share: number): number {
  return at(sorted, Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1)));
}

/** The mean of some numbers, of which there is at least one. */
export function meanOf(numbers: Float64Array): number {
  return numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
}

function fewValues(sorted: Float64Array): number[] | null {
  const values: number[] = [];
  for (let i = 0; i < sorted.length; i = atMost(sorted, at(sorted, i))) {
    if (values.length === mostBars) return null;
    values.push(at(sorted, i));
  }
  return values;
}

/** How many of the sorted numbers are below a bound. */
function below(sorted: Float64Array, bound: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (at(sorted, middle) < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many of the sorted numbers are at most a bound. */
function atMost(sorted: Float64Array, bound: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (at(sorted, middle) <= bound) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The next of 1, 2, 5, 10, … times a power of ten. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const found = [1, 2, 5, 10].find((factor) => factor * power >= least * (1 - 1e-9));
  return (found ?? 10) * power;
}

/** Without the last binary digits: 0.3 and not 0.30000000000000004. */
function clean(value: number): number {
  return Number(value.toPrecision(12));
}

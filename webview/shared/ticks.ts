import { must } from '../../src/base/pure/must';

/** U+2212, as wide as the plus. */
const minus = '−';

/** Distances between ticks of steps, which are whole numbers. */
export const stepIncrements = [1, 10, 100, 1e3, 1e4, 1e5, 1e6].flatMap((power) => [power, 2 * power, 5 * power]);
const [minute, hour] = [60, 3600];
/** Distances between ticks of times, in seconds: round numbers of seconds, minutes and hours. */
export const timeIncrements = [
  ...[1, 2, 5, 10, 15, 30],
  ...[1, 2, 5, 10, 15, 30].map((count) => count * minute),
  ...[1, 2, 4, 6, 12, 24].map((count) => count * hour),
];

/** Labels of an axis of values: all with as many decimals as their increment needs, or all with an exponent. */
export function valueTicks(ticks: readonly (number | null)[], increment: number): string[] {
  const largest = ticks.reduce<number>((most, tick) => (tick === null ? most : Math.max(most, Math.abs(tick))), 0);
  const decimals = Math.min(6, decimalsOf(increment));
  const plain = (size: number): string => (largest < 1e-3 || largest >= 1e5 ? exponent(size) : size.toFixed(decimals));
  return ticks.map((tick) => (tick === null ? '' : tick === 0 ? '0' : (tick < 0 ? minus : '') + plain(Math.abs(tick))));
}

/** Labels of an axis of steps. */
export function stepTicks(ticks: readonly number[]): string[] {
  return ticks.map((tick) => (tick >= 10_000 && tick % 1000 === 0 ? `${tick / 1000}k` : String(tick)));
}

/** Labels of an axis of seconds, in the unit of their increment. */
export function timeTicks(ticks: readonly number[], increment: number): string[] {
  const [size, unit] = increment < 60 ? [1, 's'] : increment < 3600 ? [60, 'min'] : [3600, 'h'];
  return ticks.map((tick) => (tick === 0 ? '0' : `${tick / size} ${unit}`));
}

/** `4e-6`, `2.5e-5`. */
function exponent(size: number): string {
  return size.toExponential(1).replace('.0e', 'e').replace('e+', 'e');
}

/** Decimals that an increment needs: 2 for 0.25. */
function decimalsOf(increment: number): number {
  const mantissa = Number(increment.toPrecision(3)).toExponential().split('e')[0];
  const digits = must(mantissa, 'a mantissa').replace('.', '').length - 1;
  return Math.max(0, digits - Math.floor(Math.log10(increment) + 1e-9));
}

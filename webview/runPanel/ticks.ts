/** U+2212, as wide as the plus. */
const minus = '−';

/** Steps are whole. */
export const stepIncrements = [1, 10, 100, 1e3, 1e4, 1e5, 1e6].flatMap((power) => [power, 2 * power, 5 * power]);
const [minute, hour] = [60, 3600];
/** Seconds, minutes and hours as clocks cut them. */
export const timeIncrements = [
  ...[1, 2, 5, 10, 15, 30],
  ...[1, 2, 5, 10, 15, 30].map((count) => count * minute),
  ...[1, 2, 4, 6, 12, 24].map((count) => count * hour),
];

/** Labels of an axis of values: all with the decimals that tell its ticks apart, or all with an exponent. */
export function valueTicks(ticks: readonly (number | null)[], increment: number): string[] {
  const largest = ticks.reduce<number>((most, tick) => Math.max(most, Math.abs(tick ?? 0)), 0);
  const decimals = Math.min(6, decimalsOf(increment));
  const plain = (size: number): string => (largest < 1e-3 || largest >= 1e5 ? exponent(size) : size.toFixed(decimals));
  return ticks.map((tick) => (tick === null ? '' : tick === 0 ? '0' : (tick < 0 ? minus : '') + plain(Math.abs(tick))));
}

/** Labels of an axis of steps. */
export function stepTicks(ticks: readonly number[]): string[] {
  return ticks.map((tick) => (tick >= 10_000 && tick % 1000 === 0 ? `${tick / 1000}k` : String(tick)));
}

/** Labels of an axis of seconds, in the unit that its ticks count. */
export function timeTicks(ticks: readonly number[], increment: number): string[] {
  const [size, unit] = increment < 60 ? [1, 's'] : increment < 3600 ? [60, 'min'] : [3600, 'h'];
  return ticks.map((tick) => (tick === 0 ? '0' : `${tick / size} ${unit}`));
}

/** `4e-6`, `2.5e-5`. */
function exponent(size: number): string {
  return size.toExponential(1).replace('.0e', 'e').replace('e+', 'e');
}

/** Decimals that the increment itself needs: 0.25 needs two. */
function decimalsOf(increment: number): number {
  const [, digits = ''] = /^\d\.?(\d*)e/.exec(Number(increment.toPrecision(3)).toExponential()) ?? [];
  return Math.max(0, digits.length - Math.floor(Math.log10(increment) + 1e-9));
}

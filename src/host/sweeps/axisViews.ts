import { at } from '../../base/pure/must';
import type { SweepAxisView } from '../../protocol/sweep';

/** Up to so many values, each has its mark. */
const mostMarks = 6;
/** Marks of an axis with more values. */
const fewMarks = 5;
/** Values that span this factor or more are on a logarithmic scale. */
const logFactor = 5;

/** An axis and the places of values on it. */
export interface PlacedAxis {
  readonly view: SweepAxisView;
  readonly placeOf: (value: unknown) => number | null;
}

/** A value as a short text. */
export function valueText(value: unknown): string {
  if (typeof value === 'number') return String(Number(value.toPrecision(4)));
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/**
 * The axis of these values: numbers on a linear or logarithmic scale from the smallest to the largest, anything else at
 * equal distances.
 */
export function axisOf(name: string, values: readonly unknown[]): PlacedAxis {
  const numbers = values.filter((value) => typeof value === 'number');
  return numbers.length === values.length && numbers.length > 0 ? ofNumbers(name, numbers) : ofWords(name, values);
}

function ofNumbers(name: string, values: readonly number[]): PlacedAxis {
  const distinct = [...new Set(values)].sort((a, b) => a - b);
  const [low, high] = [at(distinct, 0), at(distinct, distinct.length - 1)];
  const isLog = low > 0 && high / low >= logFactor;
  const scale = isLog ? Math.log : (value: number): number => value;
  const place = (value: number): number =>
    high === low ? 0.5 : (scale(value) - scale(low)) / (scale(high) - scale(low));
  const valueAt = (share: number): number => (isLog ? low * (high / low) ** share : low + share * (high - low));
  const ticks =
    distinct.length <= mostMarks
      ? distinct.map((value) => ({ at: place(value), label: valueText(value) }))
      : Array.from({ length: fewMarks }, (_, i) => {
          const share = i / (fewMarks - 1);
          return { at: share, label: String(Number(valueAt(share).toPrecision(3))) };
        });
  return { view: { name, ticks }, placeOf: (value) => (typeof value === 'number' ? place(value) : null) };
}

function ofWords(name: string, values: readonly unknown[]): PlacedAxis {
  const distinct = [...new Set(values.map(valueText))];
  const place = (i: number): number => (distinct.length === 1 ? 0.5 : i / (distinct.length - 1));
  const placeOf = (value: unknown): number | null => {
    const i = distinct.indexOf(valueText(value));
    return i < 0 ? null : place(i);
  };
  return { view: { name, ticks: distinct.map((label, i) => ({ at: place(i), label })) }, placeOf };
}

import type { RunValue, ShownColumn } from './types';

/** Times are written to the minute: `2026-11-23 15:42`. */
const timeDigits = 16;

/** A value of a table of runs as a text. `''`: the run has none. */
export function formatValue(value: RunValue, format: ShownColumn['format']): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (!Number.isFinite(value)) return String(value);
  switch (format) {
    case 'whole':
      return String(value);
    case 'share':
      return `${(100 * value).toFixed(1)} %`;
    case 'change':
      return `${value > 0 ? '+' : ''}${value.toFixed(2)}`;
    case 'time':
      return localTime(value);
    case 'seconds':
      return duration(value);
    case 'bytes':
      return `${(value / 1e6).toFixed(1)} MB`;
    case 'plain':
      return plain(value);
  }
}

/** Four significant digits, without zeros that say nothing; an exponent for what is very small or large. */
function plain(value: number): string {
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e7) return String(value);
  if (size >= 1e-3 && size < 1e6) return String(Number(value.toPrecision(4)));
  return value
    .toExponential(3)
    .replace(/\.?0+e/, 'e')
    .replace('e+', 'e');
}

function localTime(time: number): string {
  const date = new Date(time - new Date(time).getTimezoneOffset() * 60_000);
  return date.toISOString().slice(0, timeDigits).replace('T', ' ');
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

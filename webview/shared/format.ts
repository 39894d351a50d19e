/** U+2212 is as wide as the plus sign, so that columns of numbers stay aligned. */
const minus = '−';

/** A number with its sign: `+1.32`, `−0.04`, `0.00`. */
export function signed(value: number, digits = 2): string {
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return text;
  return (value < 0 ? minus : '+') + text;
}

/** A value of a curve: 3 or 4 significant digits; an exponent for values below 0.001 or from 100,000. */
export function compact(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  const text =
    size !== 0 && (size < 1e-3 || size >= 1e5)
      ? size.toExponential(1)
      : size >= 100
        ? size.toFixed(1)
        : size.toPrecision(3);
  return (value < 0 ? minus : '') + text;
}

/** A time in words: `45 s`, `12 min`, `2 h 5 min`. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `840 MB`, `1.2 GB`. */
export function megabytes(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.round(bytes / 1e6)} MB`;
}

/** A whole number with separators: `12,000`. */
export const counted = (value: number): string => value.toLocaleString('en');

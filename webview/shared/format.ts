/** U+2212, as wide as the plus: columns of numbers stay aligned. */
const minus = '−';

/** `+1.32`, `−0.04`, `0.00`. */
export function signed(value: number, digits = 2): string {
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return text;
  return (value < 0 ? minus : '+') + text;
}

/** A value of a curve: four significant digits, exponents where plain digits would be long. */
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

/** `45 s`, `12 min`, `2 h 5 min`. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function megabytes(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.round(bytes / 1e6)} MB`;
}

export const counted = (value: number): string => value.toLocaleString('en');

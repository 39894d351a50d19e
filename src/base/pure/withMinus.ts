/** U+2212, as wide as the plus and as the views write it. */
const minus = '−';

/** A number for a sentence, with a typographic minus: `−58.3`. */
export function withMinus(value: number, digits: number): string {
  return value.toFixed(digits).replace('-', minus);
}

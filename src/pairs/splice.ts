/** A part of a text, `text.slice(start, end)` in UTF-16 units, and its replacement. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * `line.slice(start, end)` with parts replaced. Offsets count in `line`; the parts must not overlap.
 *
 * `splice('abcd', 0, 4, [{ start: 1, end: 2, text: 'X' }])` is `'aXcd'`.
 */
export function splice(line: string, start: number, end: number, splices: readonly Splice[]): string {
  let out = '';
  let copied = start;
  for (const part of splices.toSorted((a, b) => a.start - b.start)) {
    out += line.slice(copied, part.start) + part.text;
    copied = part.end;
  }
  return out + line.slice(copied, end);
}

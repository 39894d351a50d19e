/** A part of a text, and what takes its place. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** `line.slice(start, end)` with all splices made, which must not overlap. */
export function splice(line: string, start: number, end: number, splices: readonly Splice[]): string {
  let out = '';
  let at = start;
  for (const part of splices.toSorted((a, b) => a.start - b.start)) {
    out += line.slice(at, part.start) + part.text;
    at = part.end;
  }
  return out + line.slice(at, end);
}

/** Reads stop strings, one a line. `\n` stands for a line end, `\\` for a backslash. Empty lines are no stops. */
export function readStops(text: string): readonly string[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return [...new Set(lines.map((line) => line.replaceAll(/\\(n|\\)/g, (_, sign) => (sign === 'n' ? '\n' : '\\'))))];
}

/** Stop strings as {@link readStops} reads them. */
export function stopsText(stops: readonly string[]): string {
  return stops.map((stop) => stop.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')).join('\n');
}

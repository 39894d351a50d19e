/** Groups neighbouring rows, so that one read gets all of them. */
export function runsOf(rows: readonly number[]): { start: number; length: number }[] {
  const runs: { start: number; length: number }[] = [];
  for (const row of rows) {
    const last = runs.at(-1);
    if (last && last.start + last.length === row) last.length++;
    else runs.push({ start: row, length: 1 });
  }
  return runs;
}

/**
 * The cell that a key leads to, of cells that are sorted by bar, then by series; null for another key. Arrows across
 * the bars stay in the series, the others change it.
 */
export function stepped(
  key: string,
  current: number,
  cells: number,
  series: number,
  kind: 'numbers' | 'values',
): number | null {
  const [back, on, up, down] =
    kind === 'numbers'
      ? ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown']
      : ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'];
  const within = (next: number): number => (next < 0 || next >= cells ? current : next);
  const other = (by: number): number => {
    const next = (current % series) + by;
    return next < 0 || next >= series ? current : current + by;
  };
  switch (key) {
    case back:
      return within(current - series);
    case on:
      return within(current + series);
    case up:
      return other(-1);
    case down:
      return other(1);
    case 'Home':
      return current % series;
    case 'End':
      return cells - series + (current % series);
    default:
      return null;
  }
}

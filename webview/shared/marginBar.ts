import { h } from './dom';

/** Keeps the scale above zero when all margins are 0. */
const smallestScale = 1e-9;

/** Position of a bar in percent of its cell. */
export interface BarBox {
  readonly left: number;
  readonly width: number;
}

/**
 * A bar that starts in the middle of its cell: to the left for a negative margin, to the right for a positive one.
 *
 * @param widest the margin that fills half of the cell
 */
export function marginBox(margin: number, widest: number): BarBox {
  const width = Math.min(50, (50 * Math.abs(margin)) / Math.max(widest, smallestScale));
  return { left: margin < 0 ? 50 - width : 50, width };
}

/** Position of a reward's mark on a scale around zero, in percent; 48 on either side, so that no mark is cut off. */
export function markPosition(reward: number, widest: number): number {
  return 50 + (48 * reward) / Math.max(widest, smallestScale);
}

/** The bar of {@link marginBox} as an element. */
export function marginBar(margin: number, widest: number): HTMLElement {
  const fill = h('i', { class: margin < 0 ? 'below' : 'above' });
  const { left, width } = marginBox(margin, widest);
  fill.style.left = `${left}%`;
  fill.style.width = `${width}%`;
  return fill;
}

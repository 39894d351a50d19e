import { h } from './dom';

/** The values at the ends of a bar, and the one that chance gives, if there is one. */
export interface Scale {
  readonly low: number;
  readonly high: number;
  readonly chance: number | null;
}

/** κ and α: 0 is what chance gives. */
export const chanceScale: Scale = { low: -1, high: 1, chance: 0 };
/** A share. */
export const shareScale: Scale = { low: 0, high: 1, chance: null };
/** A share that is fair at one half. */
export const fairScale: Scale = { low: 0, high: 1, chance: 0.5 };

/** The place of a value on a scale in percent, within its ends. */
export function placeOn(value: number, { low, high }: Scale): number {
  return (100 * (Math.min(high, Math.max(low, value)) - low)) / (high - low);
}

/** A dot for a value on a line for its interval. The numbers are beside it, so screen readers skip it. */
export function intervalBar(value: number, interval: readonly [number, number] | null, scale: Scale): HTMLElement {
  const chance = scale.chance === null ? null : h('i', { class: 'chance' });
  if (chance && scale.chance !== null) chance.style.left = `${placeOn(scale.chance, scale)}%`;
  const dot = h('i', { class: 'dot' });
  dot.style.left = `${placeOn(value, scale)}%`;
  const line = h('i', { class: 'whisker' });
  const [low, high] = interval ?? [value, value];
  const from = placeOn(low, scale);
  line.style.left = `${from}%`;
  line.style.width = `${placeOn(high, scale) - from}%`;
  return h('span', { class: 'interval', aria: { hidden: 'true' } }, chance, line, dot);
}

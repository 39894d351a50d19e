/**
 * The colour of a line as CSS. Some colours of VS Code's charts let most of the background through, such as the orange
 * of its dark themes: a thin line in it could hardly be seen.
 *
 * @param name the name of a variable of the theme
 */
export const lineColour = (name: string): string => `rgb(from var(${name}, currentColor) r g b / 1)`;

/** A colour as VS Code writes it, `rgba(…)` or `#rrggbbaa`, without its transparency. Others stay as they are. */
export function opaque(colour: string): string {
  const [, parts] = /^rgba\((.+?),[^,)]+\)$/.exec(colour) ?? [];
  if (parts !== undefined) return `rgb(${parts})`;
  return /^#[\da-f]{8}$/i.test(colour) ? colour.slice(0, 7) : colour;
}

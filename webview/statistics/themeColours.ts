import { paints } from './drawing';
import type { Colours } from './svgText';

/** The colours of the theme, as they are on the screen now. */
export function themeColours(): Colours {
  const probe = document.createElement('span');
  document.body.append(probe);
  const found = paints.map((paint) => {
    probe.className = `colour-${paint}`;
    return [paint, getComputedStyle(probe).color] as const;
  });
  probe.remove();
  return Object.fromEntries(found) as Colours;
}

/** The font family of the theme. */
export function themeFont(): string {
  return getComputedStyle(document.body).fontFamily;
}

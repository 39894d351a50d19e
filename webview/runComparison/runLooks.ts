import { lineColour } from '../shared/chart/lineColour';

/** How the line of a run looks. */
export interface RunLook {
  readonly colour: string;
  readonly dash: readonly number[];
}

const colours = ['blue', 'green', 'orange', 'purple', 'red', 'yellow'].map((name) => `--vscode-charts-${name}`);
/** Dashes tell lines apart where colours do not. */
const dashes: readonly (readonly number[])[] = [[], [6, 3], [2, 2], [8, 3, 2, 3]];
/** After so many slots, pairs of colour and dash would repeat. */
const round = 12;

/** The look of a slot. The first 24 differ. */
export function lookOf(slot: number): RunLook {
  const colour = colours[slot % colours.length] ?? '';
  return { colour, dash: dashes[(slot + Math.floor(slot / round)) % dashes.length] ?? [] };
}

const svg = 'http://www.w3.org/2000/svg';

/** A short piece of the line of a run, as a key to the charts. */
export function lineSample({ colour, dash }: RunLook): SVGElement {
  const element = document.createElementNS(svg, 'svg');
  const line = document.createElementNS(svg, 'line');
  for (const [name, value] of Object.entries({ width: 24, height: 8, 'aria-hidden': 'true', class: 'sample-line' }))
    element.setAttribute(name, String(value));
  for (const [name, value] of Object.entries({ x1: 0, x2: 24, y1: 4, y2: 4, 'stroke-width': 2 }))
    line.setAttribute(name, String(value));
  line.style.stroke = lineColour(colour);
  line.setAttribute('stroke-dasharray', dash.join(' '));
  element.append(line);
  return element;
}

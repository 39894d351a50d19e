import { xmlText as escaped } from '../shared/xmlText';
import { type Drawing, fontSize, type Paint, type Shape } from './drawing';

export type Colours = Readonly<Record<Paint, string>>;

/** A drawing as the text of an SVG file, with a title and a background. */
export function svgText({ width, height, shapes }: Drawing, title: string, colours: Colours, font: string): string {
  const margin = 8;
  const head = 18;
  const [w, h] = [width + 2 * margin, height + 2 * margin + head];
  const heading = text({ x: margin, y: margin + 10, text: title, anchor: 'start' }, colours.text, 'bold');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}" font-family="${escaped(font)}" font-size="${fontSize}">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${w}" height="${h}" fill="${escaped(colours.background)}"/>`,
    heading,
    `<g transform="translate(${margin} ${margin + head})">`,
    ...shapes.map((shape) => svgShape(shape, colours)),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

function svgShape(shape: Shape, colours: Colours): string {
  const colour = colours[shape.paint];
  if (shape.kind === 'text') return text(shape, colour, 'normal');
  const { x, y, width, height, hollow } = shape;
  const fill = hollow
    ? `fill="${escaped(colour)}" fill-opacity="0.25" stroke="${escaped(colour)}"`
    : `fill="${escaped(colour)}"`;
  return `<rect x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${width.toFixed(1)}" height="${height.toFixed(1)}" ${fill}/>`;
}

function text(
  { x, y, text: content, anchor }: Pick<Extract<Shape, { kind: 'text' }>, 'x' | 'y' | 'text' | 'anchor'>,
  colour: string,
  weight: 'bold' | 'normal',
): string {
  const bold = weight === 'bold' ? ' font-weight="600"' : '';
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" fill="${escaped(colour)}"${bold}>${escaped(content)}</text>`;
}

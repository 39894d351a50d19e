import { type Drawing, fontSize, type Shape } from './drawing';
import type { Colours } from './svgText';

/** Pixels of the image for each of the drawing, so that print and large screens look sharp. */
const scale = 2;
const margin = 8;
const head = 18;

/** A drawing as a PNG in base64, with a title and a background. */
export function pngBase64(drawing: Drawing, title: string, colours: Colours, font: string): string {
  const canvas = document.createElement('canvas');
  canvas.width = scale * (drawing.width + 2 * margin);
  canvas.height = scale * (drawing.height + 2 * margin + head);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('The browser gives no canvas to paint on');
  context.scale(scale, scale);
  context.fillStyle = colours.background;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = colours.text;
  context.font = `600 ${fontSize}px ${font}`;
  context.fillText(title, margin, margin + 10);
  context.font = `${fontSize}px ${font}`;
  context.translate(margin, margin + head);
  for (const shape of drawing.shapes) paint(context, shape, colours);
  return canvas.toDataURL('image/png').replace(/^data:image\/png;base64,/, '');
}

function paint(context: CanvasRenderingContext2D, shape: Shape, colours: Colours): void {
  const colour = colours[shape.paint];
  context.fillStyle = colour;
  if (shape.kind === 'text') {
    context.textAlign = shape.anchor === 'middle' ? 'center' : shape.anchor;
    context.fillText(shape.text, shape.x, shape.y);
    return;
  }
  const { x, y, width, height, hollow } = shape;
  context.globalAlpha = hollow ? 0.25 : 1;
  context.fillRect(x, y, width, height);
  context.globalAlpha = 1;
  if (!hollow) return;
  context.strokeStyle = colour;
  context.strokeRect(x, y, width, height);
}

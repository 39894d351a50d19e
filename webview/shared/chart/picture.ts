import { xmlText } from '../xmlText';

/** A chart as it is on the screen, to be saved. Lengths are in pixels from the upper left corner of the plot. */
export interface Picture {
  readonly title: string;
  readonly width: number;
  readonly height: number;
  /** What the horizontal axis counts. */
  readonly across: string;
  readonly legends: readonly { readonly label: string; readonly value: string; readonly stroke: Stroke }[];
  readonly ticks: readonly { readonly x: number; readonly y: number; readonly text: string; readonly end: boolean }[];
  /** Heights of the grid's lines, which go from `left` to `right`. */
  readonly grid: readonly number[];
  readonly left: number;
  readonly right: number;
  readonly lines: readonly { readonly stroke: Stroke; readonly points: readonly number[] }[];
  readonly colours: { readonly text: string; readonly background: string; readonly font: string };
  readonly canvas: HTMLCanvasElement;
}

export interface Stroke {
  readonly colour: string;
  readonly dash: readonly number[];
  readonly width: number;
  readonly alpha: number;
}

const columns = 3;
const gap = 16;
const head = 20;
const fontSize = 11;

interface Place {
  readonly picture: Picture;
  readonly x: number;
  readonly y: number;
}

/** The places of charts in a picture of all, and its size. */
export function placesOf(pictures: readonly Picture[]): {
  readonly width: number;
  readonly height: number;
  readonly places: readonly Place[];
} {
  const width = Math.max(0, ...pictures.map((one) => one.width));
  const height = Math.max(0, ...pictures.map((one) => one.height)) + head;
  const across = Math.min(columns, pictures.length);
  const rows = Math.ceil(pictures.length / columns);
  return {
    width: across * (width + gap) + gap,
    height: rows * (height + gap) + gap,
    places: pictures.map((picture, i) => ({
      picture,
      x: gap + (i % columns) * (width + gap),
      y: gap + Math.floor(i / columns) * (height + gap),
    })),
  };
}

/** The charts as an SVG file, with the points of the screen: of each pixel the smallest and the largest value. */
export function svgOf(pictures: readonly Picture[]): string {
  const { width, height, places } = placesOf(pictures);
  const [first] = pictures;
  const { font = 'sans-serif', background = 'white' } = first ? first.colours : {};
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${xmlText(font)}" font-size="${fontSize}">`,
    `<rect width="${width}" height="${height}" fill="${xmlText(background)}"/>`,
    ...places.flatMap(chartOf),
    '</svg>',
    '',
  ].join('\n');
}

function chartOf({ picture, x, y }: Place, index: number): string[] {
  const { title, width, height, legends, ticks, grid, left, right, lines, colours, across } = picture;
  const text = (at: number, base: number, words: string, anchor: string, more = ''): string =>
    `<text x="${at.toFixed(1)}" y="${base.toFixed(1)}" text-anchor="${anchor}" fill="${xmlText(colours.text)}"${more}>${xmlText(words)}</text>`;
  const values = legends.map(({ label, value }) => `${label} ${value}`.trim()).join('   ');
  return [
    `<g transform="translate(${x} ${y})">`,
    text(0, 12, title, 'start', ' font-weight="600"'),
    text(width, 12, values, 'end'),
    `<g transform="translate(0 ${head})">`,
    `<clipPath id="plot-${index}"><rect x="${left}" y="0" width="${right - left}" height="${height}"/></clipPath>`,
    ...grid.map(
      (at) => `<path d="M${left} ${at.toFixed(1)}H${right}" stroke="${xmlText(colours.text)}" opacity="0.15"/>`,
    ),
    ...ticks.map((tick) => text(tick.x, tick.y, tick.text, tick.end ? 'end' : 'middle', ' opacity="0.8"')),
    text(0, height - 4, across, 'start', ' opacity="0.8"'),
    `<g clip-path="url(#plot-${index})" fill="none" stroke-linejoin="round">`,
    ...lines.map(({ stroke, points }) => pathOf(points, stroke)),
    '</g>',
    '</g>',
    '</g>',
  ];
}

function pathOf(points: readonly number[], { colour, dash, width, alpha }: Stroke): string {
  const parts: string[] = [];
  for (let i = 0; i + 1 < points.length; i += 2)
    parts.push(`${i === 0 ? 'M' : 'L'}${points[i]?.toFixed(1)} ${points[i + 1]?.toFixed(1)}`);
  const dashed = dash.length === 0 ? '' : ` stroke-dasharray="${dash.join(' ')}"`;
  return `<path d="${parts.join('')}" stroke="${xmlText(colour)}" stroke-width="${width}" opacity="${alpha}"${dashed}/>`;
}

/** The charts as a PNG in base64, in the pixels of the screen. */
export function pngOf(pictures: readonly Picture[]): string {
  const { width, height, places } = placesOf(pictures);
  const canvas = document.createElement('canvas');
  canvas.width = width * devicePixelRatio;
  canvas.height = height * devicePixelRatio;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('The browser gives no canvas to paint on');
  context.scale(devicePixelRatio, devicePixelRatio);
  const [first] = pictures;
  context.fillStyle = first ? first.colours.background : 'white';
  context.fillRect(0, 0, width, height);
  for (const { picture, x, y } of places) {
    const { title, legends, colours, canvas: drawn } = picture;
    context.fillStyle = colours.text;
    context.font = `600 ${fontSize}px ${colours.font}`;
    context.textAlign = 'start';
    context.fillText(title, x, y + 12);
    context.font = `${fontSize}px ${colours.font}`;
    context.textAlign = 'end';
    context.fillText(
      legends.map(({ label, value }) => `${label} ${value}`.trim()).join('   '),
      x + picture.width,
      y + 12,
    );
    context.drawImage(drawn, x, y + head, picture.width, picture.height);
  }
  return canvas.toDataURL('image/png').replace(/^data:image\/png;base64,/, '');
}

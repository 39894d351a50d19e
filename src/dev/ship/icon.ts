import { crc32, deflateSync } from 'node:zlib';

/** Pixels of a side; the Marketplace asks for 128 at least. */
export const iconSize = 256;

type Point = readonly [x: number, y: number];
interface Stroke {
  readonly points: readonly Point[];
  readonly width: number;
  readonly color: readonly [number, number, number];
}

const background = [22, 32, 50] as const;
/** Corner radius and strokes are in parts of the side. */
const radius = 0.18;

/** A cubic curve as a line with many points. */
function curve(a: Point, b: Point, c: Point, d: Point): readonly Point[] {
  return Array.from({ length: 33 }, (_, i) => {
    const t = i / 32;
    const weights = [(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t ** 2 * (1 - t), t ** 3] as const;
    const mix = (axis: 0 | 1): number =>
      weights[0] * a[axis] + weights[1] * b[axis] + weights[2] * c[axis] + weights[3] * d[axis];
    return [mix(0), mix(1)] as const;
  });
}

/** The picture of the side bar's icon, in colour: the rewards of chosen and of rejected answers part. */
const strokes: readonly Stroke[] = [
  { points: [[0.2, 0.17], [0.2, 0.8], [0.84, 0.8]], width: 0.045, color: [148, 163, 184] }, // prettier-ignore
  { points: curve([0.3, 0.56], [0.5, 0.5], [0.6, 0.26], [0.84, 0.22]), width: 0.075, color: [45, 212, 191] },
  { points: curve([0.3, 0.56], [0.5, 0.58], [0.6, 0.68], [0.84, 0.68]), width: 0.075, color: [251, 146, 60] },
];

/** The pixels, row by row, 4 bytes each: red, green, blue, opacity. */
export function drawIcon(size = iconSize): Uint8Array {
  const pixels = new Uint8Array(4 * size * size);
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const at: Point = [(x + 0.5) / size, (y + 0.5) / size];
      let color: readonly number[] = background;
      for (const { points, width, color: own } of strokes) {
        const cover = covered(distance(at, points) - width / 2, size);
        color = color.map((value, i) => value + cover * ((own[i] ?? value) - value));
      }
      pixels.set([...color.map(Math.round), Math.round(255 * covered(outside(at), size))], 4 * (y * size + x));
    }
  return pixels;
}

/** How much of a pixel lies within an edge at this distance, in parts of the side. */
function covered(distanceToEdge: number, size: number): number {
  return Math.min(1, Math.max(0, 0.5 - distanceToEdge * size));
}

function distance([x, y]: Point, points: readonly Point[]): number {
  const lengths = points.slice(1).map(([bx, by], i) => {
    const [ax, ay] = points[i] ?? [bx, by];
    const [dx, dy] = [bx - ax, by - ay];
    const t = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)));
    return Math.hypot(x - ax - t * dx, y - ay - t * dy);
  });
  return Math.min(...lengths);
}

/** The distance to the rounded square: negative inside. */
function outside([x, y]: Point): number {
  const [dx, dy] = [Math.abs(x - 0.5) - 0.5 + radius, Math.abs(y - 0.5) - 0.5 + radius];
  return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - radius;
}

/** A PNG file (RFC 2083) with 8 bits of red, green, blue and opacity, without filters. */
export function png(pixels: Uint8Array, size: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const rows = Array.from({ length: size }, (_, y) =>
    Buffer.concat([Buffer.of(0), pixels.subarray(4 * size * y, 4 * size * (y + 1))]),
  );
  const data = deflateSync(Buffer.concat(rows), { level: 9 });
  const signature = Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

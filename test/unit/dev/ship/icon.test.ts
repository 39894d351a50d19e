import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { drawIcon, iconSize, png } from '../../../../src/dev/ship/icon';

/** The bytes of the first part with this name in a PNG file. */
function part(file: Buffer, name: string): Buffer {
  const at = file.indexOf(Buffer.from(name, 'latin1'));
  return file.subarray(at + 4, at + 4 + file.readUInt32BE(at - 4));
}

describe('the icon', () => {
  it('in media is what the script draws', () => {
    // Versions of Node may compress in other ways, so the pixels count.
    const [made, kept] = [png(drawIcon(), iconSize), readFileSync('media/icon.png')];
    expect(part(kept, 'IHDR')).toEqual(part(made, 'IHDR'));
    expect(inflateSync(part(kept, 'IDAT')).equals(inflateSync(part(made, 'IDAT')))).toBe(true);
  });

  it('is transparent at its corners and opaque in the middle', () => {
    const pixels = drawIcon(32);
    expect([pixels[3], pixels[4 * (16 * 32 + 16) + 3]]).toEqual([0, 255]);
  });
});

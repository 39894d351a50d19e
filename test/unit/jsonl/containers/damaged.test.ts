import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { MarginError } from '../../../../src/base/pure/marginError';
import { at } from '../../../../src/base/pure/must';
import { seededRandom } from '../../../../src/base/pure/seededRandom';
import { readRows } from '../../../../src/jsonl/node/readRows';
import { temporaryFolder } from '../temporaryFolder';
import { caseCount } from '../../cases';
import { zstdRows } from './zstdRows';

const folder = temporaryFolder();
const rounds = caseCount(500);

/** Changes a few bytes, or takes out, repeats or cuts off a part. */
function mutated(bytes: Buffer, random: () => number): Buffer {
  const place = (): number => Math.floor(random() * (bytes.length + 1));
  const [a = 0, b = 0] = [place(), place()].sort((x, y) => x - y);
  switch (Math.floor(random() * 4)) {
    case 0:
      return Buffer.concat([bytes.subarray(0, a), bytes.subarray(b)]);
    case 1:
      return Buffer.concat([bytes.subarray(0, b), bytes.subarray(a)]);
    case 2:
      return bytes.subarray(0, b);
    default: {
      const copy = Buffer.from(bytes);
      for (let i = 0; i < 1 + random() * 4; i++) copy[Math.floor(random() * copy.length)] = Math.floor(random() * 256);
      return copy;
    }
  }
}

it('a damaged file of text, packed or not, gives rows, or ends with one error that names it, within ten seconds', async () => {
  const seed = Number(process.env['MARGIN_FUZZ_SEED'] ?? Date.now() % 1e9);
  console.info(`seed ${seed}`);
  const random = seededRandom(seed);
  const csv = 'prompt,chosen,rejected\n"two\nlines",a,"b, ""c"""\r\nQ,é,😀\n,,\n';
  const files = [
    Buffer.from(csv),
    Buffer.from(csv.replaceAll(',', '\t')),
    Buffer.from(`\ufeff${csv}`, 'utf16le'),
    gzipSync(csv.repeat(20)),
    zstdRows,
  ];
  const file = path.join(folder, 'damaged');
  for (let round = 0; round < rounds; round++) {
    const bytes = mutated(at(files, round % files.length), random);
    writeFileSync(file, bytes);
    const started = performance.now();
    try {
      // One assertion for all rows: a damaged file may give a million.
      for await (const rows of readRows(file))
        expect(rows.filter(({ line, text }) => line < 1 || typeof text !== 'string')).toEqual([]);
    } catch (error) {
      if (!(error instanceof MarginError))
        throw new Error(`round ${round}: ${bytes.toString('base64')}`, { cause: error });
      expect(error.message).toContain(file);
    }
    expect(performance.now() - started, `round ${round}: ${bytes.toString('base64')}`).toBeLessThan(10_000);
  }
});

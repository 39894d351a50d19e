import { appendFileSync, closeSync, openSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import { LineFile } from '../../../src/jsonl/node/lineFile';
import { LineIndex } from '../../../src/jsonl/lineIndex';
import { integer, pick } from '../pairs/random';
import { temporaryFolder } from './temporaryFolder';

const folder = temporaryFolder();
const file = path.join(folder, 'lines.jsonl');

async function linesOf(content: string | Buffer): Promise<string[]> {
  writeFileSync(file, content);
  const lines = await LineFile.open(file);
  await lines.readIndex();
  return lines.lines(0, Number.POSITIVE_INFINITY).finally(() => lines.close());
}

describe('LineIndex', () => {
  it.each([...Array(200).keys()])('finds the same lines however the bytes are cut into chunks (seed %i)', (seed) => {
    const random = seededRandom(seed);
    const text =
      (random() < 0.3 ? '\ufeff' : '') +
      Array.from({ length: integer(random, 60) }, () => pick(random, ['a', 'é', '\n', '\r\n', '\r', ' '])).join('');
    const bytes = Buffer.from(text);
    const index = new LineIndex('x', crc32);
    for (let at = 0; at < bytes.length;) {
      const next = at + 1 + integer(random, 5);
      index.push(bytes.subarray(at, next));
      at = next;
    }
    index.finish();
    const body = text.replace(/^\ufeff/, '');
    const expected =
      body === ''
        ? []
        : body
            .replace(/\n$/, '')
            .split('\n')
            .map((line) => line.replace(/\r$/, ''));
    // A CR at the very end of the file, without LF, belongs to its line.
    if (body.endsWith('\r')) expected[expected.length - 1] += '\r';
    const found = Array.from({ length: index.count }, (_, row) =>
      bytes
        .subarray(index.start(row), index.start(row + 1))
        .toString()
        .replace(/\r?\n$/, ''),
    );
    expect(found, `seed ${seed}: ${JSON.stringify(text)}`).toEqual(expected);
    expect(index.finalNewline).toBe(body === '' || body.endsWith('\n'));
  });

  it('refuses a line over its limit and names it, whether or not its end was seen', () => {
    const refused = { code: 'line-too-long', message: expect.stringContaining('f.jsonl, line 2: longer than 1 MB') };
    const long = Buffer.alloc(1024 * 1024 + 1, 'x');
    const index = (): LineIndex => new LineIndex('f.jsonl', crc32, 1024 * 1024);
    expect(caught(() => index().push(Buffer.concat([Buffer.from('a\n'), long])))).toMatchObject(refused);
    expect(caught(() => index().push(Buffer.concat([Buffer.from('a\n'), long, Buffer.from('\nb\n')])))).toMatchObject(
      refused,
    );
  });

  it('refuses UTF-16', () => {
    expect(caught(() => new LineIndex('f', crc32).push(Buffer.from('\ufeffa', 'utf16le')))).toMatchObject({
      code: 'not-utf8',
    });
  });
});

describe('LineFile', () => {
  it.each([
    ['', []],
    ['\n', ['']],
    ['a', ['a']],
    ['a\n\n\r\nb', ['a', '', '', 'b']],
    ['\ufeffa\r\nb\n', ['a', 'b']],
  ])('reads %j as %j', async (content, expected) => {
    expect(await linesOf(content)).toEqual(expected);
  });

  it('reads lines far larger than a page', async () => {
    const long = 'é'.repeat(3_000_000);
    expect(await linesOf(`a\n${long}\nb\n`)).toEqual(['a', long, 'b']);
  });

  it('gives the first lines while it still reads, lets other work run, and stops on abort', async () => {
    writeFileSync(file, `${'{"chosen": "a", "rejected": "b"}\n'.repeat(1_000_000)}`);
    const lines = await LineFile.open(file);
    const stop = new AbortController();
    const seen: number[] = [];
    let indexing = true;
    const watch = (): void => {
      seen.push(lines.index.count);
      if (indexing) setImmediate(watch);
    };
    watch();
    await lines.readIndex();
    indexing = false;
    expect(lines.index.count).toBe(1_000_000);
    // Between two turns of other work, one or two chunks of 8,000 lines are indexed.
    const steps = seen.slice(1).map((count, i) => count - (seen[i] ?? 0));
    expect(Math.max(...steps)).toBeGreaterThan(0);
    expect(Math.max(...steps)).toBeLessThan(20_000);
    expect(await lines.lines(999_999, 5)).toEqual(['{"chosen": "a", "rejected": "b"}']);
    await lines.close();

    const second = await LineFile.open(file);
    await expect(second.readIndex({ signal: stop.signal, onProgress: () => stop.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(second.index.count).toBeLessThan(20_000);
    await second.close();
  });

  it('continues to read the file that it opened when another file takes its name', async () => {
    writeFileSync(file, 'old\n');
    const lines = await LineFile.open(file);
    await lines.readIndex();
    writeFileSync(`${file}.new`, 'new\n');
    renameSync(`${file}.new`, file);
    expect(await lines.lines(0, 1)).toEqual(['old']);
    await lines.close();
  });

  it.each([1, 100_000])(
    'never returns other lines than it found, even if a program overwrites %i lines',
    async (count) => {
      writeFileSync(file, 'old line\n'.repeat(count));
      const lines = await LineFile.open(file);
      await lines.readIndex();
      const at = Math.floor(count / 2);
      const handle = openSync(file, 'r+');
      writeSync(handle, 'new line\n', 9 * at);
      closeSync(handle);
      await expect(lines.lines(at, 1)).rejects.toMatchObject({ code: 'changed-on-disk' });
      const lost = await lines.lostRows();
      expect(lost).toContain(at);
      // A block of 16 KB is 1,820 lines.
      expect(lost.length).toBeLessThan(1823);
      await lines.close();
    },
  );

  it.each([...Array(40).keys()])(
    'finds the same lines in a growing file as in a complete one (seed %i)',
    async (seed) => {
      const random = seededRandom(seed);
      const bytes = Buffer.from(
        Array.from({ length: integer(random, 50_000) }, () => pick(random, ['a', 'é', '\n', '\r\n', '\r'])).join(''),
      );
      writeFileSync(file, '');
      let known = await LineFile.open(file);
      await known.readIndex();
      for (let at = 0; at < bytes.length;) {
        const next = at + integer(random, 20_000);
        appendFileSync(file, bytes.subarray(at, next));
        at = next;
        await known.close();
        const before = known.index.bytes;
        known = await LineFile.open(file, { known });
        let read = 0;
        await known.readIndex({ onProgress: (seen) => (read = seen - before) });
        expect(read).toBe(known.index.bytes - before);
      }
      expect(await known.lines(0, known.index.count), `seed ${seed}`).toEqual(await linesOf(bytes));
      await known.close();
    },
  );

  it('reads a known file from its start if its first bytes have changed', async () => {
    writeFileSync(file, 'a\nb\n');
    const known = await LineFile.open(file);
    await known.readIndex();
    await known.close();
    writeFileSync(file, 'c\nb\nd\n');
    const lines = await LineFile.open(file, { known });
    expect(lines.knownRows).toBe(0);
    await lines.readIndex();
    expect(await lines.lines(0, 9)).toEqual(['c', 'b', 'd']);
    await lines.close();
  });

  it('says what is wrong with a path', async () => {
    await expect(LineFile.open(folder)).rejects.toMatchObject({ code: 'not-a-file' });
    await expect(LineFile.open(path.join(folder, 'none'))).rejects.toMatchObject({ code: 'missing' });
  });
});

function caught(run: () => void): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}

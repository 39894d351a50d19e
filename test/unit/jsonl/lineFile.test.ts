import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { LineFile } from '../../../src/jsonl/lineFile';
import { LineIndex } from '../../../src/jsonl/lineIndex';
import { lineBytes, lineText } from '../../../src/jsonl/lineText';
import { integer, pick, randomFrom } from '../pairs/random';
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
    const random = randomFrom(seed);
    const text = (random() < 0.3 ? '\ufeff' : '') + Array.from({ length: integer(random, 60) }, () => pick(random, ['a', 'é', '\n', '\r\n', '\r', ' '])).join('');
    const bytes = Buffer.from(text);
    const index = new LineIndex('x');
    for (let at = 0; at < bytes.length; ) {
      const next = at + 1 + integer(random, 5);
      index.push(bytes.subarray(at, next));
      at = next;
    }
    index.finish();
    const body = text.replace(/^\ufeff/, '');
    const expected = body === '' ? [] : body.replace(/\n$/, '').split('\n').map((line) => line.replace(/\r$/, ''));
    // A CR at the very end of the file, without LF, belongs to its line.
    if (body.endsWith('\r')) expected[expected.length - 1] += '\r';
    const found = Array.from({ length: index.count }, (_, row) => bytes.subarray(index.start(row), index.start(row + 1)).toString().replace(/\r?\n$/, ''));
    expect(found, `seed ${seed}: ${JSON.stringify(text)}`).toEqual(expected);
    expect(index.finalNewline).toBe(body === '' || body.endsWith('\n'));
  });

  it('refuses a line over its limit and names it, whether or not its end was seen', () => {
    const refused = { code: 'line-too-long', message: expect.stringContaining('f.jsonl, line 2: longer than 1 MB') };
    const long = Buffer.alloc(1024 * 1024 + 1, 'x');
    const index = (): LineIndex => new LineIndex('f.jsonl', 1024 * 1024);
    expect(caught(() => index().push(Buffer.concat([Buffer.from('a\n'), long])))).toMatchObject(refused);
    expect(caught(() => index().push(Buffer.concat([Buffer.from('a\n'), long, Buffer.from('\nb\n')])))).toMatchObject(refused);
  });

  it('refuses UTF-16', () => {
    expect(caught(() => new LineIndex('f').push(Buffer.from('\ufeffa', 'utf16le')))).toMatchObject({ code: 'not-utf8' });
  });
});

describe('lineText', () => {
  it.each([...Array(200).keys()])('keeps any bytes, UTF-8 or not (seed %i)', (seed) => {
    const random = randomFrom(seed);
    const bytes = Buffer.from(Array.from({ length: integer(random, 30) }, () => (random() < 0.5 ? 0x61 : integer(random, 256))));
    expect(Buffer.from(lineBytes(lineText(bytes))).equals(bytes), `seed ${seed}`).toBe(true);
  });

  it('reads UTF-8 as it is and keeps a byte order mark inside a file', () => {
    expect(lineText(Buffer.from('\ufeffé😀'))).toBe('\ufeffé😀');
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

  it('gives first lines while it still reads, lets others have their turn, and stops on abort', async () => {
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
    // From one turn of another's to its next a chunk of 8,000 lines is indexed, or two.
    const steps = seen.slice(1).map((count, i) => count - (seen[i] ?? 0));
    expect(Math.max(...steps)).toBeGreaterThan(0);
    expect(Math.max(...steps)).toBeLessThan(20_000);
    expect(await lines.lines(999_999, 5)).toEqual(['{"chosen": "a", "rejected": "b"}']);
    await lines.close();

    const second = await LineFile.open(file);
    await expect(second.readIndex({ signal: stop.signal, onProgress: () => stop.abort() })).rejects.toMatchObject({ name: 'AbortError' });
    expect(second.index.count).toBeLessThan(20_000);
    await second.close();
  });

  it('goes on reading the file it opened when another takes its name', async () => {
    writeFileSync(file, 'old\n');
    const lines = await LineFile.open(file);
    await lines.readIndex();
    writeFileSync(`${file}.new`, 'new\n');
    renameSync(`${file}.new`, file);
    expect(await lines.lines(0, 1)).toEqual(['old']);
    await lines.checkIntact();
    await lines.close();
  });

  it('notices that the open file itself was written to', async () => {
    writeFileSync(file, 'old\n');
    const lines = await LineFile.open(file);
    appendFileSync(file, 'more\n');
    await expect(lines.readIndex()).rejects.toMatchObject({ code: 'changed-on-disk' });
    await expect(lines.checkIntact()).rejects.toMatchObject({ code: 'changed-on-disk' });
    await lines.close();
  });

  it('says what is wrong with a path', async () => {
    await expect(LineFile.open(folder)).rejects.toMatchObject({ code: 'is-a-folder' });
    await expect(LineFile.open(path.join(folder, 'none'))).rejects.toMatchObject({ code: 'not-found' });
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

import { appendFile, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { detectAll } from '../../../src/pairs/reading';
import { candidates, foldersOf } from '../../../src/host/datasets/candidates';
import { lookAtFile } from '../../../src/host/datasets/lookAtFile';
import { RowTally } from '../../../src/host/datasets/rowTally';
import { temporaryFolder } from '../run/temporaryFolder';

const pair = (n: number): string =>
  JSON.stringify({ prompt: `What is ${n} and ${n}?`, chosen: `It is ${2 * n}.`, rejected: 'I do not know.' });
const judged = (n: number): string =>
  JSON.stringify({ prompt: `What is ${n}?`, completion: `It is ${n}.`, label: n % 2 === 0 });
const chat = [
  { role: 'user', content: 'What is 1?' },
  { role: 'assistant', content: 'A number.' },
];
const lines = (rows: number, make = pair): string => Array.from({ length: rows }, (_, n) => `${make(n)}\n`).join('');
const { signal } = new AbortController();

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(await temporaryFolder(), name);
  await writeFile(path, content);
  return path;
}

/** The end of a Parquet file: its column names in the footer, the footer's length, the magic number. */
function parquet(columns: readonly string[]): Buffer {
  const footer = Buffer.from(columns.join('\0'));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(footer.length);
  return Buffer.concat([Buffer.from('PAR1 data '), footer, length, Buffer.from('PAR1')]);
}

describe('a file in the list of datasets', () => {
  it.each([
    ['prefs.jsonl', lines(3), 'pairs', 'prompt'],
    ['judged.jsonl', lines(3, judged), 'judged', 'label'],
    ['array.json', `[${pair(1)},\n${pair(2)}]`, 'pairs', 'prompt'],
    ['array.jsonl', JSON.stringify([JSON.parse(pair(1))], null, 2), 'pairs', 'prompt'],
    [
      'long rows.json',
      `[\n${JSON.stringify({ prompt: 'p'.repeat(1 << 19), chosen: 'a', rejected: 'b' })}]`,
      'pairs',
      'prompt',
    ],
    ['pretty.jsonl', JSON.stringify(JSON.parse(pair(1)), null, 2), 'pairs', 'prompt'],
    ['array.ndjson', `[${pair(1)},\n${pair(2)}]`, 'pairs', 'prompt'],
    ['rows.ndjson', lines(2), 'pairs', 'prompt'],
    ['pairs.csv', 'prompt,chosen,rejected\na,b,c\n', 'pairs', 'prompt'],
    ['pairs.tsv', 'prompt\tchosen\trejected\na\tb\tc\n', 'pairs', 'prompt'],
    ['pairs.jsonl.gz', gzipSync(lines(2)), 'pairs', 'prompt'],
    ['wide.jsonl', Buffer.from(`\ufeff${lines(2)}`, 'utf16le'), 'pairs', 'prompt'],
    ['judged.json', `[${lines(3, judged).trim().split('\n').join(',')}]`, 'judged', 'label'],
    ['chats.json', JSON.stringify([{ messages: chat, label: true }]), 'judged', 'messages, label'],
    ['duels.csv', 'prompt,answer,rejected_answer\na,b,c\n', 'pairs', 'rejected_answer'],
    ['rows.json', lines(2), 'pairs', 'prompt'],
    ['broken first line.jsonl', `{"prompt": \n${lines(3)}`, 'pairs', 'prompt'],
  ])('%s is read, with its shape', async (name, content, kind, shape) => {
    expect(await lookAtFile(await file(name, content), detectAll)).toMatchObject({
      kind,
      shape: expect.stringContaining(shape) as unknown,
    });
  });

  it.each([
    ['cut.json', `[${pair(1).slice(0, -3)}`, /cannot be read: .*line 1.*cut off/],
    ['whole.json', `{"data": [${pair(1)}]}`, /inside "data"/],
    ['pairs.csv', 'prompt,chosen,chosen\na,b,c\n', /^cannot be read: line 1: two columns are named "chosen"/],
    ['kto.csv', 'prompt,completion,label\na,b,yes\n', /no pair in its first rows/],
    ['cut.jsonl.gz', gzipSync(lines(2)).subarray(0, 30), /is damaged/],
    ['pairs.parquet', parquet(['prompt', 'chosen', 'rejected']), /is Parquet, and its footer cannot be read/],
    ['pairs.jsonl.xz', Buffer.from('fd377a585a0000', 'hex'), /xz -dk/],
    ['pointer.jsonl', 'version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 12\n', /LFS.*git lfs pull/],
    ['empty.jsonl', '', /empty/],
    ['log.jsonl', '{"t":1,"level":"info"}\n', /no pair/],
  ])('%s is named with its kind and what to do', async (name, content, reason) => {
    const look = await lookAtFile(await file(name, content), detectAll);
    expect(look).toMatchObject({ kind: 'unread' });
    expect(look?.kind === 'unread' && look.reason).toMatch(reason);
    expect(look?.kind === 'unread' && look.reason).not.toContain('/tmp');
  });

  it.each([
    ['package.json', '{"name":"a","chosen":"b"}'],
    ['tsconfig.base.json', '{"compilerOptions":{}}'],
    ['prefs.train.json', '{"train_file":"prefs.jsonl","chosen":"x"}'],
    ['vocab.json', '{"chosen":12,"rejected":13}'],
    ['settings.json', '{"editor.fontSize":12}'],
    ['list.json', '[{"name": "a"}]'],
    ['chats.json', JSON.stringify([{ messages: chat }])],
    ['numbers.csv', 'a,b\n1,2\n'],
    ['people.parquet', parquet(['name', 'age'])],
    ['empty.json', ''],
  ])('%s holds something else and is not listed', async (name, content) => {
    expect(await lookAtFile(await file(name, content), detectAll)).toBeNull();
  });

  it('is judged by its start, even if it is long', async () => {
    const path = await file('long.jsonl', lines(3));
    await truncate(path, 8e9);
    expect(await lookAtFile(path, detectAll)).toMatchObject({ kind: 'pairs' });
  });

  it('is read to the end of its first row, and at most 16 MB', async () => {
    expect(
      await lookAtFile(
        await file('row.jsonl', `${JSON.stringify({ ...JSON.parse(pair(1)), note: 'x'.repeat(1e6) })}\n`),
        detectAll,
      ),
    ).toMatchObject({ kind: 'pairs' });
    const path = await file('no-end.jsonl', '{"prompt": "');
    await appendFile(path, 'x'.repeat(17e6));
    expect(await lookAtFile(path, detectAll)).toMatchObject({ kind: 'unread', rows: true });
  });
});

describe('the files that are read', () => {
  const paths = [
    ...Array.from({ length: 5000 }, (_, n) => `data/${n % 10}/part-${n}.jsonl`),
    'prefs.jsonl',
    'a/pairs.csv',
    'tsconfig.json',
  ];

  it('are at most 500 of 5,000, and the others are counted', () => {
    expect(candidates(paths)).toMatchObject({ looked: { length: 500 }, more: paths.length - 500 });
  });

  it('are the same for any order of the files: first those that Margin reads, then the nearest', () => {
    const { looked } = candidates(paths);
    expect(candidates(paths.toReversed()).looked).toEqual(looked);
    expect(looked[0]).toBe('prefs.jsonl');
    expect(candidates(['z.json', 'deep/er/a.jsonl', 'b.csv']).looked).toEqual(['deep/er/a.jsonl', 'b.csv', 'z.json']);
  });

  it('can be limited to one folder', () => {
    const folders = foldersOf(paths);
    expect(folders[0]).toEqual({ folder: 'data', files: 5000 });
    expect(folders).toContainEqual({ folder: 'data/3', files: 500 });
    expect(folders).toContainEqual({ folder: 'a', files: 1 });
  });
});

describe('counting rows', () => {
  it('counts rows and those with problems, a last line without an end too', async () => {
    const path = await file('a.jsonl', `${lines(3)}not json\n\n${pair(9)}`);
    expect(await new RowTally(path, detectAll).advance(signal)).toEqual({ rows: 6, problems: 1 });
  });

  it('reads only what was appended', async () => {
    const path = await file('a.jsonl', lines(20_000));
    const tally = new RowTally(path, detectAll);
    await tally.advance(signal);
    const before = tally.bytesRead;
    for (let n = 1; n <= 10; n++) {
      await appendFile(path, n % 2 ? lines(5) : `${lines(4)}not json\n`);
      expect(await tally.advance(signal)).toEqual({ rows: 20_000 + 5 * n, problems: Math.floor(n / 2) });
    }
    expect(tally.bytesRead - before).toBeLessThan(20_000);
  });

  it('counts the elements of an array, all of them again after a change', async () => {
    const rows = [1, 2, 3].map((n) => JSON.parse(pair(n)));
    const path = await file('a.json', JSON.stringify([...rows, { chosen: 1 }], null, 2));
    const tally = new RowTally(path, detectAll);
    expect(await tally.advance(signal)).toEqual({ rows: 4, problems: 1 });
    await writeFile(path, JSON.stringify(rows, null, 2));
    expect(await tally.advance(signal)).toEqual({ rows: 3, problems: 0 });
    await appendFile(path, ',');
    await expect(tally.advance(signal)).rejects.toMatchObject({ code: 'json-syntax' });
  });

  it('continues where it was stopped', async () => {
    const path = await file('a.jsonl', lines(20_000));
    const { size } = await stat(path);
    const tally = new RowTally(path, detectAll);
    let stops = 0;
    for (let counts = null; counts === null; stops++) {
      const stopping = new AbortController();
      const { bytesRead } = tally;
      // Stopped within the second piece that it reads.
      const watching = setInterval(() => tally.bytesRead > bytesRead && stopping.abort());
      counts = await tally.advance(stopping.signal).catch(() => null);
      clearInterval(watching);
      if (counts) expect(counts.rows).toBe(20_000);
    }
    expect(stops).toBeGreaterThan(2);
    // Each stop waits at most for the piece that is being read.
    expect(tally.bytesRead).toBeLessThan(size + stops * (1 << 18));
  });

  it('counts a growing line once', async () => {
    const path = await file('a.jsonl', `${lines(2)}{"prompt":"Who?","cho`);
    const tally = new RowTally(path, detectAll);
    expect(await tally.advance(signal)).toEqual({ rows: 3, problems: 1 });
    await appendFile(path, 'sen":"I.","rejected":"You."}\n');
    expect(await tally.advance(signal)).toEqual({ rows: 3, problems: 0 });
  });

  it('starts again if the file was replaced or became shorter', async () => {
    const path = await file('a.jsonl', lines(100));
    const tally = new RowTally(path, detectAll);
    await tally.advance(signal);
    await writeFile(path, lines(50, judged));
    expect(await tally.advance(signal)).toMatchObject({ rows: 50 });
    await writeFile(path, (await readFile(path, 'utf8')).replaceAll('What', 'Which') + lines(200));
    expect(await tally.advance(signal)).toMatchObject({ rows: 250 });
  });
});

import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { at } from '../../../src/base/pure/must';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import { LineSplitter } from '../../../src/jsonl/lineSplitter';
import { lineTexts } from '../../../src/jsonl/lineTexts';
import { blocksOf, openLines, readBlock } from '../../../src/jsonl/node/lineBlocks';
import { temporaryFolder } from './temporaryFolder';

/** Parts of lines: line ends, text of one to four bytes a character, bytes that are not UTF-8, a byte order mark. */
const parts = ['\n', '\r\n', '\r', '{"a": 1}', 'é', '日本', '🙂', ' ', '\ufeff'].map((part) => Buffer.from(part));
const bytes = [...parts, Buffer.from([0xff]), Buffer.from([0xe2, 0x82])];

it('blocks of any size have together the lines of the file', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'rows.jsonl');
  for (let seed = 1; seed <= 200; seed++) {
    const random = seededRandom(seed);
    const drawn = Array.from({ length: Math.floor(random() * 40) }, () =>
      at(bytes, Math.floor(random() * bytes.length)),
    );
    const content = Buffer.concat(drawn);
    await writeFile(file, content);
    const splitter = new LineSplitter(file);
    const whole = [...splitter.push(content), ...splitter.end()];
    const handle = await open(file);
    const blocks = blocksOf(content.length, 4 + Math.floor(random() * 20));
    const texts = blocks.flatMap((block) => lineTexts(readBlock(handle.fd, block).bytes));
    await handle.close();
    expect(texts, `seed ${seed}`).toEqual(whole);
  }
});

it('a line that is too long is named by the block in which it begins, after the lines before it', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'rows.jsonl');
  await writeFile(file, `{}\n[${' '.repeat(100)}]\n{}\n`);
  const handle = await open(file);
  const read = blocksOf(107, 10).map((block) => readBlock(handle.fd, block, 50));
  await handle.close();
  expect(read.map(({ bytes, tooLong }) => [...lineTexts(bytes), tooLong])).toEqual([
    ['{}', true],
    ...Array.from({ length: 9 }, () => [false]),
    ['{}', false],
  ]);
});

it('only files of JSON Lines of some size are read in blocks', async () => {
  const folder = temporaryFolder();
  const [lines, array] = [join(folder, 'a.jsonl'), join(folder, 'a.json')];
  await writeFile(lines, '{"a": 1}\n{"a": 2}\n');
  await writeFile(array, '[\n{"a": 1}\n]\n');
  const opened = await openLines(lines, 10);
  expect(opened?.blocks).toEqual([{ from: 0, to: 18 }]);
  await opened?.handle.close();
  expect([await openLines(lines, 19), await openLines(array, 10)]).toEqual([null, null]);
});

import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { at } from '../../../src/base/pure/must';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import { LinesDocument } from '../../../src/jsonl/node/document';
import { type PageSearch, SearchHere, SearchInThread } from '../../../src/jsonl/node/search/pageSearch';
import { searchable } from '../../../src/jsonl/search/searchable';
import { temporaryFolder } from './temporaryFolder';

const folder = temporaryFolder();
const searches = [['blue sky'], ['grün'], ['blue', 'say'], ['"'], ['/'], ['text'], ['blue sky said'], ['absent']];

/** The rows with all the words, page by page. */
async function search(
  document: LinesDocument,
  words: readonly string[],
  pages: PageSearch = new SearchHere(),
): Promise<number[]> {
  const found: number[] = [];
  for (let next = 0; next < document.rowCount;) {
    const from = next;
    const page = await document.read(from, 1000, ({ lines }, runs) => pages.search(lines, runs, words));
    found.push(...Array.from(page.rows, (row) => from + row));
    next += page.count;
  }
  return found;
}

describe('a search for words', () => {
  it.each([
    ['lines', 'rows.jsonl', (texts: readonly string[]) => `${texts.map(rowOf).join('\r\n')}\n`],
    [
      'the elements of an array',
      'rows.json',
      (texts: readonly string[]) => `[\n  ${texts.map(rowOf).join(',\n  ')}\n]`,
    ],
    ['records of CSV', 'rows.csv', (texts: readonly string[]) => `text\n${texts.map(cellOf).join('\n')}\n`],
  ])('in %s and in unsaved edits finds what decoding each row finds', async (_, name, written) => {
    const seed = 20261129;
    const next = seededRandom(seed);
    const pick = <T>(list: readonly T[]): T => at(list, Math.floor(next() * list.length));
    const text = (): string => Array.from({ length: 1 + next() * 3 }, () => pick(parts)).join(' ');
    const file = path.join(folder, name);
    await writeFile(file, written(Array.from({ length: 100 }, text)));
    const document = await LinesDocument.open(file);
    await document.whenIndexed();
    for (let round = 0; round < 10; round++) {
      const rows = await document.lines(0, document.rowCount);
      for (const words of searches) {
        const expected = [...rows.keys()].filter((i) => words.every((word) => searchable(at(rows, i)).includes(word)));
        expect(await search(document, words), `seed ${seed}, ${words.join()}`).toEqual(expected);
      }
      const row = Math.floor(next() * rows.length);
      document.applyEdit({ op: 'replace', row, line: rowOf(text()), previous: at(rows, row) });
      document.applyEdit({ op: 'insert', row, lines: [rowOf(text()), rowOf(text())] });
      document.applyEdit({ op: 'move', from: 0, count: 3, to: document.rowCount });
    }
    await document.close();
  });

  it('takes long files page by page, and a row longer than a page alone', async () => {
    const file = path.join(folder, 'long.jsonl');
    const rows = ['short', 'x'.repeat(3_000_000), ...Array.from({ length: 30 }, () => 'y'.repeat(100_000))].map(rowOf);
    await writeFile(file, rows.join('\n'));
    const document = await LinesDocument.open(file);
    await document.whenIndexed();
    const pages = new SearchHere();
    const counts: number[] = [];
    for (let next = 0; next < rows.length; next += counts.at(-1) ?? 0)
      counts.push((await document.read(next, 100, ({ lines }, runs) => pages.search(lines, runs, ['absent']))).count);
    expect(counts).toEqual([1, 1, 10, 10, 10]);
    expect(await search(document, ['xx'])).toEqual([1]);
    await document.close();
  });
});

describe('a thread that searches', () => {
  const pages = new SearchInThread(path.resolve('dist/searchThread.js'));
  afterAll(() => pages.close());

  it.each([
    ['lines', 'large.jsonl', (texts: readonly string[]) => `${texts.map(rowOf).join('\n')}\n`],
    ['records of CSV', 'large.csv', (texts: readonly string[]) => `text\n${texts.map(cellOf).join('\n')}\n`],
  ])('finds in a large file of %s, with unsaved edits, what this thread finds', async (_, name, written) => {
    const file = path.join(folder, name);
    const filler = 'x'.repeat(9000);
    await writeFile(file, written(Array.from({ length: 2000 }, (_text, i) => `${filler} grün ${i} a/b`)));
    const document = await LinesDocument.open(file);
    await document.whenIndexed();
    for (const row of [0, 77, 1999]) {
      const [previous = ''] = await document.lines(row, 1);
      document.applyEdit({ op: 'replace', row, line: rowOf('changed 77'), previous });
    }
    document.applyEdit({ op: 'move', from: 1000, count: 500, to: 3 });
    for (const words of [['grün 77'], ['77'], ['grün', '1 a/b']])
      expect(await search(document, words, pages)).toEqual(await search(document, words));
    await document.close();
  });

  it('says that the file was changed by another program; a closed file fails and does not hang', async () => {
    const file = path.join(folder, 'changed.jsonl');
    await writeFile(file, `${rowOf('x'.repeat(9000))}\n`.repeat(2000));
    const document = await LinesDocument.open(file);
    await document.whenIndexed();
    await writeFile(file, `${rowOf('y'.repeat(9000))}\n`.repeat(2000));
    await expect(search(document, ['x'], pages)).rejects.toMatchObject({ code: 'changed-on-disk' });
    await document.close();
    await expect(search(document, ['x'], pages)).rejects.toThrow(/changed.jsonl/);
  });
});

const parts = ['Blue sky', 'blue\nSKY', 'grün', 'GRÜN', 'say "blue"', 'sea', 'a/b', 'said'];

/** Half of the umlauts are written as escapes. */
function rowOf(text: string): string {
  return JSON.stringify({ text }).replaceAll('Ü', '\\u00dc');
}

function cellOf(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { at } from '../../../src/base/pure/must';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import { LinesDocument } from '../../../src/jsonl/node/document';
import type { Edit } from '../../../src/pairs/edits';
import { temporaryFolder } from './temporaryFolder';

const folder = temporaryFolder();
const file = path.join(folder, 'rows.csv');
const text = (): string => readFileSync(file, 'utf8');

async function openedAs(content: string): Promise<LinesDocument> {
  writeFileSync(file, content);
  const document = await LinesDocument.open(file);
  await document.whenIndexed();
  return document;
}

/** The file after edits and a save. */
async function edited(content: string, ...edits: readonly Edit[]): Promise<string> {
  const document = await openedAs(content);
  for (const edit of edits) document.applyEdit(edit);
  await document.save();
  const rows = await document.lines(0, document.rowCount);
  await document.close();
  const again = await LinesDocument.open(file);
  await again.whenIndexed();
  expect(await again.lines(0, again.rowCount)).toEqual(rows);
  await again.close();
  return text();
}

const row = (prompt: string, chosen: string, rejected: string): string => JSON.stringify({ prompt, chosen, rejected });
const insert = (at: number, ...lines: readonly string[]): Edit => ({ op: 'insert', row: at, lines });
const replace = (at: number, line: string, previous: string): Edit => ({ op: 'replace', row: at, line, previous });
const header = 'prompt,chosen,rejected';

describe('the rows of a CSV file in the editor', () => {
  it('are its records under the names of the header', async () => {
    const document = await openedAs(`\ufeff${header}\r\n"two\nlines","a ""b""",c\r\n\r\nQ,x,y`);
    expect(await document.lines(0, 9)).toEqual([row('two\nlines', 'a "b"', 'c'), row('Q', 'x', 'y')]);
    await document.close();
  });

  it('are a list of cells if a record does not fit the header', async () => {
    const document = await openedAs(`${header}\nQ,a\nQ,a,b,c\nQ,"a"b,c\n`);
    expect(await document.lines(0, 9)).toEqual(['["Q","a"]', '["Q","a","b","c"]', '["Q,\\"a\\"b,c"]']);
    await document.close();
  });
});

describe('an edited CSV file', () => {
  it('keeps the spelling of labels, numbers and lists', async () => {
    const head = 'prompt,label,weight,messages,scores\n';
    const cells = 'True,0.50,"[{""role"": ""user"", ""content"": ""Q""}]","[1.0, 2]"';
    const before =
      '{"prompt":"Q","label":true,"weight":0.50,"messages":[{"role": "user", "content": "Q"}],"scores":[1.0, 2]}';
    const document = await openedAs(`${head}Q,${cells}\n`);
    expect(await document.lines(0, 1)).toEqual([before]);
    document.applyEdit(replace(0, before.replace('"prompt":"Q"', '"prompt":"R"'), before));
    await document.save();
    await document.close();
    expect(text()).toBe(`${head}R,${cells}\n`);
  });

  it.each<[string, string, readonly Edit[], string]>([
    [
      'changes one record, in its own quoting, and keeps the bytes of the others',
      `${header}\n"Q" ,  a,b\r\n"x",y,z\nQ,"a","b"`,
      [replace(1, row('x, y', 'line\nline', '"'), row('x', 'y', 'z'))],
      `${header}\n"Q" ,  a,b\r\n"x, y","line\nline",""""\nQ,"a","b"`,
    ],
    [
      'gets quotes around every cell, where its header has them',
      '"a","b"\n"1","2"\n',
      [insert(1, '{"a":"x","b":""}')],
      '"a","b"\n"1","2"\n"x",""\n',
    ],
    [
      'gets a last row with CR LF',
      `${header}\r\nQ,a,b\r\n`,
      [insert(1, row('1', '2', '3'))],
      `${header}\r\nQ,a,b\r\n1,2,3\r\n`,
    ],
    [
      'gets a last row behind a line without end',
      `${header}\nQ,a,b`,
      [insert(1, row('1', '2', '3'))],
      `${header}\nQ,a,b\n1,2,3`,
    ],
    [
      'gets rows after its header alone',
      header,
      [insert(0, row('1', '2', '3'), row('4', '5', '6'))],
      `${header}\n1,2,3\n4,5,6`,
    ],
    [
      'loses all rows and keeps its header',
      `${header}\nQ,a,b\n`,
      [{ op: 'delete', row: 0, lines: [row('Q', 'a', 'b')] }],
      `${header}\n`,
    ],
    [
      'has semicolons',
      'a;b\n1,5;2\n',
      [replace(0, '{"a":"x;y","b":"1,5"}', '{"a":"1,5","b":"2"}')],
      'a;b\n"x;y";1,5\n',
    ],
    ['has tabs', 'a\tb\n1\t2\n', [replace(0, '{"a":"x\\ty","b":5}', '{"a":"1","b":"2"}')], 'a\tb\n"x\ty"\t5\n'],
    [
      'keeps cells that the header has no name for',
      'a,b\n1,2,3\n',
      [replace(0, '["1","2","4"]', '["1","2","3"]')],
      'a,b\n1,2,4\n',
    ],
  ])('%s', async (_, content, edits, expected) => {
    expect(await edited(content, ...edits)).toBe(expected);
  });

  it('refuses a key without a column and a row that is not an object, at once', async () => {
    const document = await openedAs(`${header}\nQ,a,b\n`);
    const previous = row('Q', 'a', 'b');
    const applying = (line: string) => () => document.applyEdit(replace(0, line, previous));
    expect(applying('{"prompt":"Q","score":1}')).toThrow(
      /rows\.csv, row 1: the file has no column "score".*margin convert/,
    );
    expect(applying('text')).toThrow(/must be a JSON object/);
    expect(document.applyEdit(replace(0, '{"chosen":["x"],"rejected":null}', previous)).edit).toMatchObject({
      line: row('', '["x"]', ''),
    });
    await document.close();
  });

  it('has its old bytes again after undo and a save', async () => {
    const content = `${header}\n"Q" , a,b\n\nx,y,z`;
    const document = await openedAs(content);
    const edit = document.applyEdit(insert(2, row('1', '2', '3')));
    await document.save();
    edit.undo();
    await document.save();
    await document.close();
    expect(text()).toBe(content);
  });

  it('reports a change by another program and reads no further', async () => {
    const document = await openedAs(`${header}\nQ,a,b\n`);
    document.applyEdit(insert(1, row('1', '2', '3')));
    writeFileSync(file, `${header}\nQ,a,b\nmore,a,b\n`);
    await expect(document.save()).rejects.toMatchObject({ code: 'changed-on-disk' });
    await document.close();
  });

  it('keeps the bytes of all records except the edited one, whatever they are', async () => {
    const seed = Date.now() % 1e9;
    console.info(`seed ${seed}`);
    const random = seededRandom(seed);
    const cells = ['a', '"a"', '"a ""b"" c"', '"x\ny"', '"1,2"', ' b ', '', 'é😀', "it's", '5" pipe'];
    for (let round = 0; round < 100; round++) {
      const records = Array.from({ length: 1 + Math.floor(random() * 12) }, () => {
        const record = [0, 0, 0].map(() => at(cells, Math.floor(random() * cells.length))).join(',');
        return record + (random() < 0.5 ? '\n' : '\r\n');
      });
      const changed = Math.floor(random() * records.length);
      const document = await openedAs(`${header}\n${records.join('')}`);
      const [previous = ''] = await document.lines(changed, 1);
      document.applyEdit(replace(changed, row('new', '"', 'n'), previous));
      await document.save();
      await document.close();
      const end = /\r?\n$/.exec(at(records, changed))?.[0] ?? '';
      records[changed] = `new,"""",n${end}`;
      expect(text(), `seed ${seed} round ${round}`).toBe(`${header}\n${records.join('')}`);
    }
  });
});

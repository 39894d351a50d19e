import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { at } from '../../../src/base/pure/must';
import { LinesDocument } from '../../../src/jsonl/node/document';
import type { Edit } from '../../../src/pairs/edits';
import { temporaryFolder } from './temporaryFolder';

const file = path.join(temporaryFolder(), 'rows.json');

/** The places of rows as `line:before`, after edits. The places refer to the text that a save writes. */
async function placesIn(content: string, rows: readonly number[], ...edits: readonly Edit[]): Promise<string[]> {
  writeFileSync(file, content);
  const document = await LinesDocument.open(file);
  await document.whenIndexed();
  for (const edit of edits) document.applyEdit(edit);
  const { saved } = document;
  const places = saved.places(rows).map(({ line, before }) => `${line}:${before}`);
  const ends = saved.ends(0, document.rowCount);
  const texts = await document.lines(0, document.rowCount, 'file');
  const whole = saved.head + texts.map((text, i) => text + at(ends, i)).join('');
  await document.save();
  await document.close();
  expect(whole).toBe(readFileSync(file, 'utf8').replace('\ufeff', ''));
  return places;
}

const pretty = '[\n  {\n    "a": 1\n  },\n  {\n    "a": 2\n  },\n  {"a": 3}\n]\n';
const second = '{\n    "a": 2\n  }';

it.each<[string, string, readonly Edit[], readonly string[]]>([
  ['of JSON Lines at the line of its number', '{}\n{}\n{}\n', [], ['0:0', '1:0', '2:0']],
  ['of an array where its first bracket is', pretty, [], ['1:2', '4:2', '7:2']],
  ['behind a row that was deleted', pretty, [{ op: 'delete', row: 1, lines: [second] }], ['1:2', '4:2', '5:2']],
  ['behind a row that was added', pretty, [{ op: 'insert', row: 1, lines: ['{}'] }], ['1:2', '4:2', '5:2']],
  [
    'behind a row that has more lines now',
    pretty,
    [{ op: 'replace', row: 1, line: '\n{\n\n\n}', previous: second }],
    ['1:2', '4:2', '8:2'],
  ],
  ['in a line of several rows, by its line', '\ufeff[{},\n{}, {}]', [], ['0:1', '1:0', '1:null']],
  ['behind the header of CSV', 'a,b\n1,\n"2\n",\n\n3,', [], ['1:0', '2:0', '5:0']],
  [
    'behind the last record of CSV, which was moved',
    'a,b\n1,\n2,\n"3\n",',
    [{ op: 'move', from: 2, count: 1, to: 0 }],
    ['1:0', '3:0', '4:0'],
  ],
  [
    'behind a record of CSV that has more lines now',
    'a,b\n1,\n2,\n3,\n',
    [{ op: 'replace', row: 0, line: '{"a":"1\\n1"}', previous: '{"a":"1"}' }],
    ['1:0', '3:0', '4:0'],
  ],
  ['of objects one after the other', '\n{\n}\n{} {\n}', [], ['1:0', '3:0', '3:null']],
])('a row begins %s', async (_, content, edits, places) => {
  expect(await placesIn(content, [0, 1, 2], ...edits)).toEqual(places);
});

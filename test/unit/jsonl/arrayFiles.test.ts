import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { at } from '../../../src/base/pure/must';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import type { AppliedEdit } from '../../../src/jsonl/documentChange';
import { LinesDocument } from '../../../src/jsonl/node/document';
import { applyToLines, type Edit } from '../../../src/pairs/edits';
import { integer, pick } from '../pairs/random';
import { randomEdit } from '../pairs/randomEdit';
import { caseSeeds } from '../cases';
import { randomJson, spacedJson } from './randomJson';
import { temporaryFolder } from './temporaryFolder';

const folder = temporaryFolder();
const file = path.join(folder, 'rows.json');
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
  await document.close();
  return text();
}

const insert = (row: number, ...lines: readonly string[]): Edit => ({ op: 'insert', row, lines });
const remove = (row: number, ...lines: readonly string[]): Edit => ({ op: 'delete', row, lines });

const pretty = '[\n  {"a": 1},\n  {"a": 2},\n  {"a": 3}\n]\n';

describe('an edited array', () => {
  it.each<[string, string, readonly Edit[], string]>([
    [
      'changes one element',
      pretty,
      [{ op: 'replace', row: 1, line: '5', previous: '{"a": 2}' }],
      pretty.replace('{"a": 2}', '5'),
    ],
    ['loses its first row', pretty, [remove(0, '{"a": 1}')], '[\n  {"a": 2},\n  {"a": 3}\n]\n'],
    ['loses its last row', pretty, [remove(2, '{"a": 3}')], '[\n  {"a": 1},\n  {"a": 2}\n]\n'],
    ['loses all rows', pretty, [remove(0, '{"a": 1}', '{"a": 2}', '{"a": 3}')], '[]\n'],
    ['gets a last row', pretty, [insert(3, '4')], pretty.replace('3}', '3},\n  4')],
    ['gets a first row', pretty, [insert(0, '4')], pretty.replace('{"a": 1}', '4,\n  {"a": 1}')],
    ['gets its last row moved to the front', '[{}, 2,3]', [{ op: 'move', from: 2, count: 1, to: 0 }], '[3, {}, 2]'],
    ['on one line stays on one line', '[{"a": 1},{"a": 2}]', [insert(2, '4')], '[{"a": 1},{"a": 2},4]'],
    ['of one row gets a second one', '[\r\n\t1\r\n]', [insert(1, '2')], '[\r\n\t1,\r\n\t2\r\n]'],
    ['that was empty gets rows', '[]', [insert(0, '1', '2')], '[1, 2]'],
    ['that was empty on two lines gets rows', '[\n]\n', [insert(0, '1', '2')], '[\n  1,\n  2\n]\n'],
    ['that was empty gets a row and loses it', '[ ]', [insert(0, '1'), remove(0, '1')], '[ ]'],
    ['loses white space around a typed row', '[{}]', [{ op: 'replace', row: 0, line: ' 2 \n', previous: '{}' }], '[2]'],
    ['behind a byte order mark', '\ufeff[{}]', [insert(0, '0')], '\ufeff[0, {}]'],
    [
      'may be objects without brackets',
      '{"a":\n1}\n{"a": 2}\n',
      [remove(0, '{"a":\n1}'), insert(1, '{}')],
      '{"a": 2}\n{}\n',
    ],
  ])('%s', async (_, before, edits, after) => {
    expect(await edited(before, ...edits)).toBe(after);
  });

  it('keeps a row with a mistake inside its brackets, and can be edited around it', async () => {
    expect(await edited('[{"a": NaN}, 2]', insert(0, '1'))).toBe('[1, {"a": NaN}, 2]');
  });

  it.each([
    ['{"a": 1', 'row 2: not JSON at line 1, column 8 of the row'],
    ['1, 2', 'row 2: not JSON at line 1, column 2 of the row'],
    ['"a', 'row 2: not JSON at line 1, column 3 of the row'],
    ['  ', 'row 2: it is empty'],
  ])('is not saved while a row would break it: %j', async (line, sentence) => {
    const document = await openedAs('[{}]');
    document.applyEdit(insert(1, line));
    await expect(document.save()).rejects.toMatchObject({
      code: 'breaks-array',
      message: expect.stringContaining(sentence),
    });
    expect([text(), document.isDirty]).toEqual(['[{}]', true]);
    await document.close();
  });

  it('counts as changed if another program added text to it', async () => {
    const document = await openedAs('[{}]');
    writeFileSync(file, '[{}]\n[2]');
    expect(await document.follow()).toBe('changed');
    writeFileSync(file, '[{}, 2]');
    await document.revert();
    expect(await document.lines(0, 9)).toEqual(['{}', '2']);
    await document.close();
  });

  it('is read if another program writes it to an empty file of lines', async () => {
    const document = await openedAs('');
    writeFileSync(file, '[\n1,\n2\n]');
    expect(await document.follow()).toBe('changed');
    await document.revert();
    expect(await document.lines(0, 9)).toEqual(['1', '2']);
    await document.close();
  });

  it('keeps its rows in a backup', async () => {
    const document = await openedAs(pretty);
    document.applyEdit(remove(2, '{"a": 3}'));
    const backup = path.join(folder, 'backup');
    await document.backup(backup);
    await document.close();
    const { readBackup } = await import('../../../src/jsonl/node/backup');
    const again = await openedAs(pretty);
    expect(await again.restore(await readBackup(backup))).toEqual({ kind: 'restored', edits: 1 });
    expect(await again.lines(0, 9)).toEqual(['{"a": 1}', '{"a": 2}']);
    await again.close();
  });

  it('that is cut off shows its rows, and cannot be saved', async () => {
    writeFileSync(file, '[{}, 2');
    const document = await LinesDocument.open(file);
    await expect(document.whenIndexed()).rejects.toMatchObject({ code: 'json-syntax' });
    expect(await document.lines(0, 9)).toEqual(['{}']);
    document.applyEdit(insert(0, '0'));
    await expect(document.save()).rejects.toMatchObject({ code: 'json-syntax' });
    expect(text()).toBe('[{}, 2');
    await document.close();
  });
});

/** A file of random values in random form. The first one is an object: a line that begins with a list may be a row. */
function randomFile(random: () => number): { readonly content: string; readonly isArray: boolean } {
  const isArray = random() < 0.7;
  const values = Array.from({ length: integer(random, 7) }, () =>
    isArray ? randomJson(random) : { a: randomJson(random) },
  );
  if (isArray && values.length > 0) values[0] = { a: values[0] };
  const mark = random() < 0.2 ? '\ufeff' : '';
  if (isArray) return { content: mark + spacedJson(values, random) + pick(random, ['', '\n']), isArray };
  // The first object must show that it has more than one line.
  const rest = values.map((value) => pick(random, ['', '\n', '\r\n\r\n', ' ']) + spacedJson(value, random));
  return { content: `${mark}{\n"a": 1\n}${rest.join('')}${pick(random, ['', '\n'])}`, isArray };
}

describe('edits of an array in any form', () => {
  it.each(caseSeeds(25))('keep all other bytes, and give the original file when undone (seed %i)', async (seed) => {
    const random = seededRandom(seed);
    const { content, isArray } = randomFile(random);
    const document = await openedAs(content);
    let lines = await document.lines(0, document.rowCount + 1);
    const applied: AppliedEdit[] = [];
    const states = [lines];
    for (let step = 0; step < 8; step++) {
      const kind = integer(random, 5);
      if (kind === 0) {
        const expected = await savedText(document);
        expectPlaces(document, expected, lines, `seed ${seed} step ${step}`);
        await document.save();
        expect(text().replace('\ufeff', ''), `seed ${seed} step ${step}`).toBe(expected);
        expect(rowsIn(text(), isArray), `seed ${seed} step ${step}`).toEqual(lines.map(compact));
        continue;
      }
      if (kind === 1 && applied.length > 0) {
        applied.at(-1)?.undo();
        applied.pop();
        states.pop();
        lines = states.at(-1) ?? [];
        continue;
      }
      const edit = withJson(randomEdit(random, lines, `${step}`), isArray);
      applied.push(document.applyEdit(edit));
      lines = applyToLines(lines, edit);
      states.push(lines);
      expect(await document.lines(0, document.rowCount + 1), `seed ${seed} step ${step}`).toEqual(lines);
    }
    await document.save();
    const after = text();
    expect(rowsIn(after, isArray), `seed ${seed}`).toEqual(lines.map(compact));
    for (const line of lines) expect(after, `seed ${seed}`).toContain(line);

    for (const edit of applied.toReversed()) edit.undo();
    await document.save();
    expect(text(), `seed ${seed}`).toBe(content);
    for (const edit of applied) edit.redo();
    await document.save();
    await document.close();
    expect(text(), `seed ${seed}`).toBe(after);
  });
});

/** The text that a save writes, as the editor compares it. */
async function savedText(document: LinesDocument): Promise<string> {
  const ends = document.saved.ends(0, document.rowCount);
  const lines = await document.lines(0, document.rowCount, 'file');
  return document.saved.head + lines.map((line, i) => line + at(ends, i)).join('');
}

/** Expects the place of each row to be where the row is in the text. */
function expectPlaces(document: LinesDocument, whole: string, rows: readonly string[], message: string): void {
  const places = document.saved.places([...rows.keys()]);
  let end = 0;
  for (const [i, row] of rows.entries()) {
    const start = whole.indexOf(row, end);
    const lines = whole.slice(0, start).split('\n');
    const isKnown = i === 0 || whole.slice(end, start).includes('\n');
    const before = isKnown ? at(lines, lines.length - 1).length : null;
    expect(at(places, i), `${message} row ${i}`).toEqual({ line: lines.length - 1, before });
    end = start + row.length;
  }
}

/** The same edit, but each of its rows is made valid JSON. */
function withJson(edit: Edit, isArray: boolean): Edit {
  const json = (line: string): string => (isArray ? JSON.stringify(line) : JSON.stringify({ [line]: line }, null, 1));
  if (edit.op === 'replace') return { ...edit, line: json(edit.line) };
  return edit.op === 'insert' ? { ...edit, lines: edit.lines.map(json) } : edit;
}

function compact(line: string): string {
  return JSON.stringify(JSON.parse(line));
}

/** The rows of a file, read without Margin's scanner. */
function rowsIn(content: string, isArray: boolean): string[] {
  const json = content.replace('\ufeff', '');
  const whole: unknown = JSON.parse(isArray ? json : `[${json.replaceAll(/\}(?=\s*\{)/g, '},')}]`);
  return Array.isArray(whole) ? whole.map((value) => JSON.stringify(value)) : [];
}

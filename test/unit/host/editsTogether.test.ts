import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { applyTogether } from '../../../src/host/pairEditor/editsTogether';
import { LinesDocument } from '../../../src/jsonl/node/document';
import type { Edit } from '../../../src/pairs/edits';

let folder: string;
let document: LinesDocument;
const text = ['{"a":0}', '{"a":1}', '{"a":2}', '{"a":3}'];
const rows = (): Promise<string[]> => document.lines(0, 9);
const edits: readonly Edit[] = [
  { op: 'delete', row: 2, lines: [text[2] ?? '', text[3] ?? ''] },
  { op: 'replace', row: 0, line: '{"a":9}', previous: text[0] ?? '' },
];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'margin-together-'));
  writeFileSync(join(folder, 'a.jsonl'), text.map((line) => `${line}\n`).join(''));
  document = await LinesDocument.open(join(folder, 'a.jsonl'));
  await document.whenIndexed();
});
afterEach(async () => {
  await document.close();
  rmSync(folder, { recursive: true, force: true });
});

it('edits that were applied together are undone and redone together, also after a save', async () => {
  const applied = applyTogether(document, edits);
  expect(await rows()).toEqual(['{"a":9}', '{"a":1}']);
  applied.undo();
  expect([await rows(), document.isDirty]).toEqual([text, false]);
  applied.redo();
  await document.save();
  applied.undo();
  expect(await rows()).toEqual(text);
});

it('if one of the edits cannot be made, none is', async () => {
  const wrong: Edit = { op: 'replace', row: 99, line: '{}', previous: '' };
  expect(() => applyTogether(document, [...edits, wrong])).toThrow();
  expect([await rows(), document.isDirty]).toEqual([text, false]);
});

it('a save tells which edits the file has now', async () => {
  const saved: (readonly Edit[])[] = [];
  document.onDidChange((change) => change.kind === 'saved' && saved.push(change.edits));
  applyTogether(document, edits);
  await document.save();
  expect(saved).toMatchObject([edits]);
});

import { expect, it } from 'vitest';
import type { EditRecord } from '../../../../src/pairs/marks/mark';
import { shownTexts } from '../../../../src/pairs/marks/pairHistory';
import { detectAll } from '../../../../src/pairs/reading';

const edit = (before: unknown, after: unknown): EditRecord => ({
  key: null,
  to: null,
  action: 'Edit text',
  swapped: false,
  by: 'ann',
  at: '2026-11-29T12:00:00Z',
  before,
  after,
});
const row = { prompt: 'Q', chosen: 'one\ntwo', rejected: 'three', id: 1 };

it('the texts of an edit are those of the row, turn by turn; JSON if another column changed', () => {
  const [before, after] = shownTexts(edit(row, { ...row, chosen: 'one\n2' }), detectAll);
  expect(before).toContain('── chosen ──\nassistant: one\ntwo');
  expect(after).toContain('one\n2');
  expect(shownTexts(edit(row, { ...row, id: 2 }), detectAll)[1]).toContain('"id": 2');
  expect(shownTexts(edit(null, 'not json'), detectAll)).toEqual(['', 'not json']);
});

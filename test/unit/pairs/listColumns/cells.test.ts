import { describe, expect, it } from 'vitest';
import { asQueried } from '../../../../src/jsonl/node/search/asQueried';
import { type Cell, cellOf } from '../../../../src/pairs/listColumns/cells';
import { listColumns } from '../../../../src/pairs/listColumns/columns';
import { isRewardColumn, rewardColumns } from '../../../../src/pairs/listColumns/rewardColumns';
import { rowPaths } from '../../../../src/pairs/listColumns/rowPaths';
import { newMark } from '../../../../src/pairs/marks/mark';
import { detectAll } from '../../../../src/pairs/reading';
import { readRow } from '../../../../src/pairs/readRow';

const line = JSON.stringify({
  prompt: 'How?',
  chosen: 'So,\n  and so.',
  rejected: 'No.',
  score_chosen: 4.5,
  score_rejected: 2,
  weight: 0.5,
  source: 'ours',
  model: ['a', 'b'],
  meta: { topic: 'maths', level: 3, tags: ['x', 'y'] },
});
const suspect = { verdict: 'tie', probability: 0.333 } as const;
const mark = { ...newMark('k', 'ann'), verdict: 'both_bad', strength: 2, tags: ['todo', 'long'] } as const;

const rewardCell = (id: string): string => `of ${id}`;

function cell(id: string, text = line, tokens: number | null = null): Cell {
  return cellOf(id, asQueried(text, readRow(text, detectAll), detectAll), {
    mark,
    tokens,
    suspect,
    scored: rewardCell,
  });
}

describe('a cell of the list', () => {
  it('shows texts as one line, and numbers as numbers', () => {
    const shown = Object.fromEntries(listColumns.map(({ id }) => [id, cell(id, line, 12)]));
    expect(shown).toEqual({
      row: null,
      prompt: null,
      margin: null,
      problems: null,
      ...Object.fromEntries(rewardColumns.map((column) => [column.id, `of ${column.id}`])),
      chosen: 'So, and so.',
      rejected: 'No.',
      verdict: 'both_bad',
      strength: 2,
      tags: 'todo, long',
      suspect: 0.33,
      suspected: 'tie',
      model: 'a, b',
      source: 'ours',
      'score(chosen)': 4.5,
      'score(rejected)': 2,
      'len(prompt)': 4,
      'len(chosen)': 13,
      'len(rejected)': 3,
      tokens: 12,
      turns: 2,
      weight: 0.5,
    });
  });

  it('shows the value of a key of the row', () => {
    expect(['.meta.topic', '.meta.level', '.meta.tags', '.meta', '.nothing'].map((id) => cell(id))).toEqual([
      ...['maths', 3, 'x, y'],
      '{"topic":"maths","level":3,"tags":["x","y"]}',
      null,
    ]);
  });

  it('is empty in a row that holds no pair', () => {
    for (const { id } of listColumns)
      if (!isRewardColumn(id) && !['verdict', 'strength', 'tags', 'suspect', 'suspected'].includes(id))
        expect(cell(id, '{"a": 1')).toBeNull();
  });
});

it('keys of rows are offered whose values fit into a cell', () => {
  const rows = [{ a: 1, b: [{ role: 'user' }], c: { d: 'x', 'e f': true } }, { c: { d: null, g: ['h'] } }, 'text'];
  expect(rowPaths(rows)).toEqual(['.a', '.c.d', '.c."e f"', '.c.g']);
});

import { describe, expect, it } from 'vitest';
import { listColumn, listColumns } from '../../../../src/pairs/listColumns/columns';
import {
  asLayout,
  isUsual,
  movedColumn,
  usualLayout,
  widened,
  withColumns,
  withoutColumn,
} from '../../../../src/pairs/listColumns/layout';
import { parseSort } from '../../../../src/pairs/query/parseSort';

const ids = (layout: readonly { readonly id: string }[]): string[] => layout.map(({ id }) => id);

describe('the columns of the list', () => {
  it('are sorted by what the sort order of the view can read', () => {
    for (const { sort } of listColumns)
      if (sort !== null && sort !== 'row') expect(() => parseSort(sort)).not.toThrow();
  });

  it('have one more for each key of the rows', () => {
    expect(listColumn('.meta.topic')).toMatchObject({ title: '.meta.topic', sort: '.meta.topic' });
    expect(listColumn('."a key"')).toMatchObject({ sort: '."a key"' });
    for (const id of ['', '.', '.5', 'topic', '.a+1', '.a ', '-.a']) expect(listColumn(id)).toBeNull();
  });
});

describe('a layout', () => {
  it('keeps the place and width of columns that stay, and adds others at the end', () => {
    const wide = widened(usualLayout, 'prompt', 300);
    const chosen = withColumns(wide, ['row', 'turns', 'prompt', '.id']);
    expect(ids(chosen)).toEqual(['row', 'prompt', 'turns', '.id']);
    expect(chosen[1]).toEqual({ id: 'prompt', width: 300 });
    expect(ids(withColumns([{ id: 'turns', width: null }], ['turns', 'row']))).toEqual(['row', 'turns']);
  });

  it('moves and hides columns, except the last one', () => {
    expect(ids(movedColumn(usualLayout, 'prompt', -1))).toEqual(['prompt', 'row', 'margin']);
    expect(movedColumn(usualLayout, 'row', -1)).toEqual(usualLayout);
    expect(movedColumn(usualLayout, 'margin', 1)).toEqual(usualLayout);
    expect(ids(withoutColumn(usualLayout, 'margin'))).toEqual(['row', 'prompt']);
    const one = [{ id: 'turns', width: null }];
    expect(withoutColumn(one, 'turns')).toEqual(one);
  });

  it('is usual again when its widths are', () => {
    const wide = widened(usualLayout, 'row', 10_000);
    expect(wide[0]?.width).toBe(800);
    expect(isUsual(wide)).toBe(false);
    expect(isUsual(widened(wide, 'row', null))).toBe(true);
  });

  it('that was kept is read again, without what this version does not know', () => {
    const kept: unknown = JSON.parse(JSON.stringify([{ id: 'turns', width: 44.6 }, { id: 'no' }, null, { id: '.x' }]));
    expect(asLayout(kept)).toEqual([
      { id: 'turns', width: 45 },
      { id: '.x', width: null },
    ]);
    for (const other of [undefined, {}, [], [3]]) expect(asLayout(other)).toBeNull();
  });
});

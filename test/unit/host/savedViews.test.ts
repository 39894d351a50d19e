import { describe, expect, it } from 'vitest';
import { type Memory, SavedViews, viewText } from '../../../src/host/savedViews/savedViews';

function memory(kept: unknown): Memory {
  let value = kept;
  return {
    get: () => value,
    update: async (_, next) => {
      value = next;
    },
  };
}
const columns = [
  { id: 'row', width: null },
  { id: 'len(chosen)', width: 90 },
];
const view = { name: 'long', filter: 'gap>100', sort: 'gap', descending: true, columns };

describe('saved views', () => {
  it('are kept by name, replaced and removed', async () => {
    const views = new SavedViews(memory(undefined));
    await views.save(view);
    await views.save({ ...view, name: 'a' });
    await views.save({ ...view, filter: '' });
    expect(views.all.map(({ name, filter }) => [name, filter])).toEqual([
      ['a', 'gap>100'],
      ['long', ''],
    ]);
    await views.remove('a');
    expect(views.all.map(({ name }) => name)).toEqual(['long']);
  });

  it('that cannot be read are not listed, and stay when others are saved', async () => {
    const kept = [view, { ...view, filter: 'lenght(x)>1' }, { ...view, sort: 'nothing' }, { name: 'x' }, 3];
    expect(new SavedViews(memory(kept)).all).toEqual([view]);
    expect(new SavedViews(memory('x')).all).toEqual([]);
    const store = memory(kept);
    await new SavedViews(store).save({ ...view, name: 'a' });
    expect(store.get('savedViews')).toEqual([...kept, { ...view, name: 'a' }]);
  });

  it('of an older version have no columns, and unknown columns are left out', () => {
    const { columns: _, ...older } = view;
    const other = { ...view, name: 'other', columns: [...columns, { id: 'lenght(x)' }, 3, columns[0]] };
    expect(new SavedViews(memory([older, other])).all).toEqual([
      { ...view, columns: null },
      { ...view, name: 'other' },
    ]);
  });

  it('say what they show', () => {
    expect(viewText(view)).toBe('gap>100 · by gap, highest first');
    expect(viewText({ filter: '', sort: 'row', descending: false })).toBe('all rows');
  });
});

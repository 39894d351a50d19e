import { describe, expect, it } from 'vitest';
import { RatedItems } from '../../../../src/host/agreement/ratedItems';
import type { RatedItem } from '../../../../src/pairs/agreement/ratingTable';

const item = (row: number, labels: RatedItem['labels'], part: Partial<RatedItem> = {}): RatedItem => ({
  row,
  line: row + 1,
  key: `key${row}`,
  prompt: `Q${row}`,
  adjudicated: null,
  dimension: 'verdict',
  labels,
  ...part,
});

function itemsOf(...all: readonly RatedItem[]): RatedItems {
  const items = new RatedItems();
  for (const one of all) items.add(one);
  return items;
}

const items = itemsOf(
  item(0, { anna: 'keep', ben: 'keep' }),
  item(1, { anna: 'keep', ben: 'swap' }),
  item(2, { anna: 'keep', ben: 'swap', 'run step 50': 'keep' }, { adjudicated: 'swap' }),
  item(3, { anna: 'swap', ben: 'keep' }, { key: null }),
  item(4, { anna: 'tie' }),
  item(1, { anna: 2, ben: 2 }, { dimension: 'helpful' }),
);
const disputed = { dimension: 'verdict', cell: null };

describe('the items of a comparison', () => {
  it('are those on which annotators disagree, or those of a cell of the confusion table', () => {
    expect(items.page(disputed, 0, 10)).toMatchObject({ total: 3, rows: [{ row: 1 }, { row: 2 }, { row: 3 }] });
    const cell = { annotators: ['anna', 'ben'], labels: ['keep', 'keep'] } as const;
    expect(items.page({ dimension: 'verdict', cell }, 0, 10)).toMatchObject({
      total: 1,
      rows: [
        {
          row: 0,
          prompt: 'Q0',
          labels: [
            ['anna', 'keep'],
            ['ben', 'keep'],
          ],
        },
      ],
    });
    expect(items.page(disputed, 1, 1).rows.map(({ row }) => row)).toEqual([2]);
    expect(items.adjudicated('verdict')).toBe(1);
  });

  it('make a queue of those that nobody has decided, with what was said in every dimension', () => {
    expect(items.page(disputed, 0, 10).open).toBe(1);
    expect(items.adjudication(disputed)).toEqual({
      name: 'disagreements on verdict',
      pairs: [
        {
          row: 1,
          key: 'key1',
          opinions: [
            { annotator: 'anna', dimension: 'verdict', label: 'keep' },
            { annotator: 'ben', dimension: 'verdict', label: 'swap' },
            { annotator: 'anna', dimension: 'helpful', label: '2' },
            { annotator: 'ben', dimension: 'helpful', label: '2' },
          ],
        },
      ],
    });
  });
});

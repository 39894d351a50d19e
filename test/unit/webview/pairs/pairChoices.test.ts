import { describe, expect, it } from 'vitest';
import type { PairsQuery } from '../../../../src/protocol/runPanel';
import { ChosenPairs } from '../../../../webview/runPanel/pairs/chosenPairs';
import {
  choicesIn,
  defaultPairChoices,
  keptChoices,
  type PairChoices,
  usedColumns,
} from '../../../../webview/runPanel/pairs/pairChoices';

/** A view whose dataset has the columns `.score` and `.stars`. */
function chosen(kept: Partial<PairChoices> = {}): { pairs: ChosenPairs; kept: () => PairChoices } {
  let choices = keptChoices(kept);
  const pairs = new ChosenPairs({ choices: () => choices, choose: (part) => (choices = { ...choices, ...part }) });
  pairs.offered = ['.score', '.stars'];
  return { pairs, kept: () => choices };
}
const columnsOf = ({ columns }: PairsQuery): readonly string[] => columns;

describe('the choices of a view of pairs', () => {
  it('of an older Margin get what they lack', () => {
    const axes = { x: 'before', y: 'margin' } as PairChoices['axes'];
    expect(keptChoices({ axes, hidden: ['rank'] })).toEqual({
      ...defaultPairChoices,
      axes: { ...axes, shade: null },
      hidden: ['rank'],
    });
    expect(keptChoices(undefined)).toEqual(defaultPairChoices);
  });

  it('show the usual numbers in place of columns that another dataset had', () => {
    const kept = keptChoices({ histogram: '.old', groups: '.old', columns: ['.old', '.score'] });
    const { histogram, groups, columns } = choicesIn(kept, ['.score']);
    expect([histogram, groups, columns]).toEqual(['margin', 'dynamics', ['.score']]);
  });

  it('need each column once, also those that a filter or an order names', () => {
    const kept = keptChoices({ histogram: '.score', columns: ['.stars'] });
    const query = { sort: '.score', filter: '.rare:>3 or margin:<0' } as const;
    expect(usedColumns(kept, query)).toEqual(['.stars', '.score', '.rare']);
    expect(usedColumns(defaultPairChoices, { sort: 'margin', filter: 'margin:<' })).toEqual([]);
  });
});

describe('the chosen pairs', () => {
  it('are asked for again only if a choice needs other numbers of them', () => {
    const { pairs } = chosen();
    expect(pairs.remember({ histogram: '.score' })).toBe(true);
    expect(columnsOf(pairs.query)).toEqual(['.score']);
    const { query } = pairs;
    expect(pairs.remember({ axes: { x: '.score', y: 'margin', shade: null } })).toBe(false);
    expect(pairs.query).toBe(query);
  });

  it('have a column while the table or a chart shows it', () => {
    const { pairs } = chosen();
    pairs.remember(pairs.toggled({ name: '.stars', isShown: false }));
    expect(columnsOf(pairs.query)).toEqual(['.stars']);
    pairs.remember(pairs.toggled({ name: '.stars', isShown: true }));
    expect(columnsOf(pairs.query)).toEqual([]);
    expect(pairs.toggled({ name: 'rank', isShown: true })).toEqual({ hidden: ['.stars', 'rank'], columns: [] });
  });

  it('are those from before when the reading of a column is stopped', () => {
    const { pairs, kept } = chosen();
    const first = pairs.ask({ step: 20, filter: 'margin:<0' });
    pairs.hasDrawn(first);
    pairs.remember({ histogram: '.score' });
    pairs.ask({ sort: '.stars' });
    pairs.goBack();
    expect(pairs.query).toEqual(first);
    expect(kept()).toEqual(defaultPairChoices);
  });

  it('are all, by margin, if nothing was shown before', () => {
    const { pairs, kept } = chosen({ histogram: '.score' });
    pairs.ask({ step: 20, filter: '.stars:>3', sort: '.stars' });
    pairs.goBack();
    expect(pairs.query).toMatchObject({ step: 20, filter: '', sort: 'margin', histogram: 'margin', columns: [] });
    expect(kept()).toEqual(defaultPairChoices);
  });
});

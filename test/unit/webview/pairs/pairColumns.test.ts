import { describe, expect, it } from 'vitest';
import type { ShownNumber } from '../../../../src/pairs/fileNumber';
import { type PairNumber, pairNumbers } from '../../../../src/pairs/pairNumber';
import { crowdedOut, fittingColumns, numberText, tracksOf } from '../../../../webview/runPanel/pairs/pairColumns';

const none = new Set<PairNumber>();
const all = new Set(pairNumbers);

describe('the columns of the table of pairs', () => {
  it('are all that are known, if there is room', () => {
    const columns = fittingColumns(all, none, 'margin', 2000);
    expect(columns).toHaveLength(pairNumbers.length + 2);
    expect(fittingColumns(new Set(['line', 'margin']), none, 'margin', 2000)).toEqual([
      ...['line', 'prompt', 'bar', 'margin'],
    ]);
  });

  it('leave out the least needed first; line, prompt and margin stay', () => {
    expect(fittingColumns(all, none, 'margin', 300)).toEqual(['line', 'prompt', 'margin']);
    const some = fittingColumns(all, none, 'margin', 700);
    expect(some).toContain('chosen');
    expect(some).not.toContain('rejectedLogpToken');
    expect(crowdedOut(some, all, none)).toContain('rejectedLogpToken');
  });

  it('keep the number that the table is sorted by as long as any', () => {
    expect(fittingColumns(all, none, 'chosenLogpToken', 560)).toContain('chosenLogpToken');
  });

  it('leave out what the person hides', () => {
    const hidden = new Set<PairNumber>(['rank', 'suspect']);
    const columns = fittingColumns(all, hidden, 'margin', 2000);
    expect(columns).not.toContain('rank');
    expect(crowdedOut(columns, all, hidden)).toEqual([]);
  });

  it('of the dataset stay longest, and can be hidden', () => {
    const known = new Set<ShownNumber>([...pairNumbers, '.score', '.stars']);
    const some = fittingColumns(known, none, 'margin', 560);
    expect(some.slice(-2)).toEqual(['.score', '.stars']);
    expect(some).not.toContain('chosen');
    expect(fittingColumns(known, new Set<ShownNumber>(['.score']), 'margin', 2000)).not.toContain('.score');
    const narrow = fittingColumns(known, none, '.stars', 470);
    expect(narrow).toContain('.stars');
    expect(crowdedOut(narrow, known, none)).toContain('.score');
  });

  it('give the prompt the remaining room', () => {
    expect(tracksOf(['line', 'prompt', 'margin'])).toBe('52px minmax(0, 1fr) 58px');
  });

  it('write numbers with the digits that mean something', () => {
    expect(numberText('margin', -1.316)).toBe('−1.32');
    expect(numberText('rankDelta', 416)).toBe('+416');
    expect(numberText('chosenLogpToken', -0.0519)).toBe('−0.052');
    expect(numberText('suspect', 0.934)).toBe('0.93');
    expect(numberText('before', null)).toBe('');
  });
});

import { describe, expect, it } from 'vitest';
import { mergedText, mergeText } from '../../../src/host/pairEditor/mergeText';

describe('the question about a file that another program changed', () => {
  it('offers a merge where both touch different rows, and says how many each', () => {
    const { message, detail, canMerge } = mergeText('a.jsonl', { kind: 'apart', theirs: 1200, mine: 1 }, 'line');
    expect(message).toBe(
      'a.jsonl was changed by another program in 1,200 rows. You have unsaved edits in 1 other row.',
    );
    expect([canMerge, detail.split('\n')[0]]).toEqual([true, 'Merge keeps both.']);
  });

  it('says that only line ends or the text around the rows changed', () => {
    const { message } = mergeText('a.jsonl', { kind: 'apart', theirs: 0, mine: 2 }, 'line');
    expect(message).toBe(
      'a.jsonl was changed by another program, but its rows are the same. You have unsaved edits in 2 rows.',
    );
  });

  it.each([
    [[3], 0, ': line 4'],
    [[3, 7], 1, ': line 4, line 8, 1 row that you deleted'],
    [[0, 1, 2, 3, 4, 5, 6], 0, ': line 1, line 2, line 3, line 4, line 5, 2 more'],
    [[], 0, ''],
  ])('names the rows that both touch, and offers no merge (%j)', (rows, deleted, end) => {
    const { message, canMerge } = mergeText('a.jsonl', { kind: 'conflict', rows, deleted }, 'line');
    expect(message).toBe(`a.jsonl was changed by another program, also where you have unsaved edits${end}.`);
    expect(canMerge).toBe(false);
  });

  it('says why it offers no merge', () => {
    const { message, canMerge } = mergeText('a.csv', { kind: 'unknown', reason: 'Its columns have changed.' }, 'row');
    expect([message, canMerge]).toEqual([
      'a.csv was changed by another program, and you have unsaved edits. They cannot be merged: Its columns have changed.',
      false,
    ]);
  });

  it('says what a merge has done', () => {
    expect(mergedText('a.jsonl', { kind: 'apart', theirs: 1, mine: 2 })).toBe(
      'a.jsonl: merged 1 row of the other program with your edits in 2 rows. Save to write both.',
    );
  });
});

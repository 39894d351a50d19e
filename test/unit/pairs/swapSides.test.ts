import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { otherSideKey } from '../../../src/pairs/sideColumns';
import { swapSides } from '../../../src/pairs/swapSides';
import { detectAll } from '../../../src/pairs/reading';
import { caseFolder } from './caseFiles';

const caseLine = (name: string): string => readFileSync(path.join(caseFolder, name), 'utf8').split('\n')[0] ?? '';

describe('the key of the other side', () => {
  it.each([
    ['score_chosen', 'score_rejected'],
    ['chosen_model', 'rejected_model'],
    ['chosen-rating', 'rejected-rating'],
    ['chosenScore', 'rejectedScore'],
    ['scoreChosen', 'scoreRejected'],
    ['ChosenScore', 'RejectedScore'],
    ['CHOSEN_RATING', 'REJECTED_RATING'],
    ['rating.chosen', 'rating.rejected'],
    ['logps/chosen', 'logps/rejected'],
    ['Chosen Model', 'Rejected Model'],
    ['chosen1', 'rejected1'],
    ['chosen_chosen', 'rejected_rejected'],
    ['rejected_chosen', null],
    ['unchosen_score', null],
    ['chosenness', null],
    ['prompt', null],
  ])('%s: %s', (key, other) => {
    expect(otherSideKey(key)).toBe(other);
    if (other !== null) expect(otherSideKey(other)).toBe(key);
  });
});

describe('swapSides', () => {
  it('exchanges the answers and the columns of the sides without changing their text', () => {
    const line =
      '{"chosen": "\\u00e9", "rejected": "b", "x_chosen": 8.50, "x_rejected": 1e0, "chosen-by": 1, "rejected-by": 2}';
    const swapped =
      '{"chosen": "b", "rejected": "\\u00e9", "x_chosen": 1e0, "x_rejected": 8.50, "chosen-by": 2, "rejected-by": 1}';
    expect(swapSides(line, detectAll)).toBe(swapped);
    expect(swapSides(swapped, detectAll)).toBe(line);
  });

  it('renames a column that only one side has to the other side', () => {
    const line = '{"chosen": "a", "rejected": "b", "chosen_model" : "x", "margin_chosen": 1}';
    const swapped = '{"chosen": "b", "rejected": "a", "rejected_model" : "x", "margin_rejected": 1}';
    expect(swapSides(line, detectAll)).toBe(swapped);
    expect(swapSides(swapped, detectAll)).toBe(line);
  });

  it('exchanges columns inside objects', () => {
    const line = '{"chosen":"a","rejected":"b","rating":{"chosen":5,"rejected":2},"meta":{"by":{"modelChosen":"m"}}}';
    expect(swapSides(line, detectAll)).toBe(
      '{"chosen":"b","rejected":"a","rating":{"chosen":2,"rejected":5},"meta":{"by":{"modelRejected":"m"}}}',
    );
  });

  it('writes valid JSON if a key names both sides, or occurs twice', () => {
    const line =
      '{"chosen":"a","rejected":"b","chosen_chosen":1,"rejected_chosen":2,"rejected_rejected":3,"chosen_rejected":4}';
    const swapped =
      '{"chosen":"b","rejected":"a","chosen_chosen":3,"rejected_chosen":2,"rejected_rejected":1,"chosen_rejected":4}';
    expect(swapSides(line, detectAll)).toBe(swapped);
  });

  it('uses the last value of a key that occurs twice, like JSON.parse', () => {
    const line = '{"chosen":"x","chosen":"a","rejected":"b","score_chosen":1,"score_chosen":2}';
    expect(JSON.parse(swapSides(line, detectAll))).toEqual({ chosen: 'b', rejected: 'a', score_rejected: 2 });
  });

  it('updates copies of an answer', () => {
    const old: Record<string, unknown> = JSON.parse(caseLine('rows/swap-dash-columns.jsonl'));
    const next: Record<string, unknown> = JSON.parse(swapSides(caseLine('rows/swap-dash-columns.jsonl'), detectAll));
    expect(next).toEqual({
      ...old,
      chosen: old['rejected'],
      rejected: old['chosen'],
      messages: old['rejected'],
      'chosen-rating': 2,
      'rejected-rating': 5,
      'chosen-model': 'm2',
      'rejected-model': 'm1',
    });
  });

  it('keeps a column that names the source of a text', () => {
    const line = caseLine('shapes/distilabel-capybara.jsonl');
    const next: Record<string, unknown> = JSON.parse(swapSides(line, detectAll));
    expect(next['original_response']).toBe('A horse is bigger.');
    expect(swapSides(swapSides(line, detectAll), detectAll)).toBe(line);
  });
});

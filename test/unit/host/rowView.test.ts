import { describe, expect, it } from 'vitest';
import { nothingIgnored } from '../../../src/pairs/rowReport';
import { defaultPairRule } from '../../../src/pairs/pairRule';
import { detectAll, type Reading } from '../../../src/pairs/reading';
import type { RowReward } from '../../../src/pairs/rowRewards';
import { detailOf, summaryOf } from '../../../src/editor/rowView';

const place = {
  row: 3,
  reading: detectAll,
  edited: false,
  related: [],
  ignoredRelated: [],
  ignoredIn: nothingIgnored,
  mark: null,
  change: [],
};
const unscored = (): [] => [];
const deep = `{"prompt": "Q", "chosen": "a", "rejected": "b", "tools": ${'['.repeat(5000)}${']'.repeat(5000)}}`;

describe('a row of the list', () => {
  it('that is nested too deep has a problem, and its line is shown', () => {
    expect(summaryOf(deep, place, unscored)).toMatchObject({ kind: 'not-a-pair', severity: 'error', margin: null });
    expect(detailOf(deep, place, 1, unscored)).toMatchObject({
      pair: null,
      judged: null,
      raw: deep,
      problems: [{ severity: 'error', code: 'too-deep' }],
    });
  });

  it('that is too long for the host is not parsed, and says so', () => {
    const line = `{"prompt": "Q", "chosen": "${'a'.repeat(5_000_000)}", "rejected": "b`;
    expect(summaryOf(line, place, unscored)).toMatchObject({ kind: 'not-a-pair', severity: 'info' });
    const detail = detailOf(line, place, 1, unscored);
    expect(detail).toMatchObject({ cut: true, problems: [{ code: 'not-looked-at' }] });
    expect(JSON.stringify(detail).length).toBeLessThan(256_000);
  });

  it('that would lose its question shows the reason and its line', () => {
    const line =
      '{"request": "Is a horse bigger than a bee?", "chosen": "A horse is bigger.", "rejected": "A bee is bigger."}';
    expect(summaryOf(line, place, unscored).label).toContain('request');
    expect(detailOf(line, place, 1, unscored)).toMatchObject({
      pair: null,
      raw: line,
      problems: [{ severity: 'error' }],
    });
  });

  it('says which problems a click mends, and which rules the person may ignore', () => {
    const problemsOf = (line: string): unknown => detailOf(line, place, 1, unscored).problems;
    expect(problemsOf('{"prompt": "Q", "chosen": "Yes. ", "rejected": ""}')).toMatchObject([
      { code: 'empty-answer', fix: null, canIgnore: true },
      { code: 'white-space', fix: 'Trim it', canIgnore: true },
    ]);
    expect(problemsOf('{"prompt": "Q", "chosen": "Yes.", "rejected": "No.", "score": NaN}')).toMatchObject([
      { code: 'not-json', fix: 'Write null for NaN', canIgnore: false },
    ]);
    expect(problemsOf('{"prompt": "Q"')).toMatchObject([{ code: 'not-json', fix: null, canIgnore: false }]);
  });

  it('of a judged answer has its prompt and its label', () => {
    const line = '{"prompt": "Why?", "completion": "Because it is so.", "label": false}';
    expect(summaryOf(line, place, unscored)).toMatchObject({
      kind: 'judged',
      label: 'Why?',
      judgedGood: false,
      severity: null,
    });
    expect(detailOf(line, place, 1, unscored).judged).toMatchObject({
      label: false,
      completion: [{ content: 'Because it is so.' }],
    });
  });

  it('that repeats an earlier one says so', () => {
    const line = '{"prompt": "Why?", "chosen": "So it is.", "rejected": "It is not."}';
    const related = [
      {
        code: 'duplicate',
        severity: 'warning',
        side: null,
        field: null,
        message: 'The same pair as line 1.',
        column: null,
      },
    ] as const;
    expect(summaryOf(line, { ...place, related }, unscored)).toMatchObject({
      problems: 1,
      severity: 'warning',
    });
    expect(detailOf(line, { ...place, related }, 1, unscored).problems).toMatchObject([{ code: 'duplicate' }]);
  });
});

describe('a list', () => {
  const line = JSON.stringify({ prompt: 'Q', responses: ['a', 'b', 'c', 'd'], scores: [1, null, 5, 4] });
  const reading: Reading = { ...detectAll, rule: { ...defaultPairRule, name: 'best-all' } };
  const rewardOf = (margin: number): RowReward => ({ chosen: null, rejected: null, margin, before: null });

  it('has its answers best first, those without a score last, and the pairs that the rule makes', () => {
    const { list, pair, raw } = detailOf(line, { ...place, reading }, 1, unscored);
    expect([pair, raw]).toEqual([null, null]);
    expect(list).toMatchObject({ measure: 'scores', rule: 'best-all', pairCount: 2 });
    expect(list?.answers.map(({ value, turns }) => [value, turns[0]?.content])).toEqual([
      [5, 'c'],
      [4, 'd'],
      [1, 'a'],
      [null, 'b'],
    ]);
    expect(list?.pairs).toEqual([
      { chosen: 0, rejected: 1, tie: false, reward: null },
      { chosen: 0, rejected: 2, tie: false, reward: null },
    ]);
  });

  it('has the reward of each of its pairs, and in the list of rows the lowest margin', () => {
    const scored = (): (RowReward | null)[] => [rewardOf(0.5), rewardOf(-0.25)];
    const detail = detailOf(line, { ...place, reading }, 1, scored);
    expect(detail.list?.pairs.map(({ reward }) => reward?.margin)).toEqual([0.5, -0.25]);
    expect(detail.reward).toBeNull();
    expect(summaryOf(line, { ...place, reading }, scored)).toMatchObject({ kind: 'list', label: 'Q', margin: -0.25 });
    expect(summaryOf(line, { ...place, reading }, unscored).margin).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import { applyToLines, inverse } from '../../../../src/pairs/edits';
import { type ApplyRule, type MarkedRow, plannedEdits } from '../../../../src/pairs/marks/applyMarks';
import { type Mark, newMark } from '../../../../src/pairs/marks/mark';
import { detectAll } from '../../../../src/pairs/reading';

const line = (i: number): string => `{"prompt": "p${i}", "chosen": "c${i}", "rejected": "r${i}", "id": 1.0}`;
const lines = Array.from({ length: 8 }, (_, i) => line(i));
const mark = (part: Partial<Mark>): Mark => ({ ...newMark('aaaaaaaaaaaaaaaa', 'ann'), ...part });
const marked = (row: number, ...parts: Partial<Mark>[]): MarkedRow => ({
  row,
  line: line(row),
  marks: parts.map(mark),
});
const apply = (rows: readonly MarkedRow[], rule: ApplyRule): string[] =>
  plannedEdits(rows, rule, detectAll).edits.reduce<string[]>(applyToLines, lines);
const leave: ApplyRule = { ties: 'leave', weights: false };

describe('marks that are applied to a file', () => {
  const rows = [
    marked(0, { verdict: 'keep', strength: 3 }),
    marked(1, { verdict: 'swap', strength: 1 }),
    marked(2, { verdict: 'both_bad' }),
    marked(3, { verdict: 'both_bad' }),
    marked(4, { verdict: 'tie' }),
    marked(5, { verdict: 'keep' }, { by: 'bob', verdict: 'swap' }),
    marked(6, { verdict: null, flag: true }),
  ];
  const swapped = line(1).replace('"c1"', '"x"').replace('"r1"', '"c1"').replace('"x"', '"r1"');

  it('follow who adjudicated a pair, whatever the labels; where two of them disagree nothing changes', () => {
    const decided = { by: 'cyd', adjudicates: true } as const;
    const disputed = marked(1, { verdict: 'keep' }, { by: 'bob', verdict: 'tie' }, { ...decided, verdict: 'swap' });
    expect(apply([disputed], leave)[1]).toBe(swapped);
    const undecided = marked(1, { verdict: 'swap' }, { ...decided, verdict: null, flag: true });
    expect(apply([undecided], leave)[1]).toBe(swapped);
    const twice = marked(1, { ...decided, verdict: 'swap' }, { ...decided, by: 'dee', verdict: 'keep' });
    expect(plannedEdits([twice], leave, detectAll).counts.disagreed).toBe(1);
  });

  it('swap what was judged swapped and delete two bad answers; where reviewers disagree nothing changes', () => {
    expect(apply(rows, leave)).toEqual([line(0), swapped, line(4), line(5), line(6), line(7)]);
    const { edits, counts } = plannedEdits(rows, leave, detectAll);
    expect(edits.map(({ op }) => op)).toEqual(['delete', 'replace']);
    expect(counts).toEqual({
      swapped: 1,
      bothBad: 2,
      tiesDropped: 0,
      tiesZero: 0,
      tiesLeft: 1,
      weighted: 0,
      disagreed: 1,
    });
    expect(edits.map(inverse).reverse().reduce<string[]>(applyToLines, apply(rows, leave))).toEqual(lines);
  });

  it('write strengths as weights and ties as weight 0, and keep the other bytes of the line', () => {
    const [first, second, third] = apply(rows, { ties: 'zero', weights: true });
    expect(first).toBe(line(0).replace('1.0}', '1.0, "weight": 1.5}'));
    expect(second).toBe(swapped.replace('1.0}', '1.0, "weight": 0.5}'));
    expect(third).toBe(line(4).replace('1.0}', '1.0, "weight": 0}'));
    expect(apply(rows, { ties: 'drop', weights: false })).not.toContain(line(4));
  });

  it('take the mean strength of reviewers who agree, and write no weight 1 where the row has none', () => {
    const two = marked(0, { verdict: 'keep', strength: 1 }, { by: 'bob', verdict: 'keep', strength: 2 });
    expect(apply([two], { ties: 'leave', weights: true })[0]).toContain('"weight": 0.75}');
    expect(apply([marked(0, { verdict: 'keep', strength: 2 })], { ties: 'leave', weights: true })[0]).toBe(line(0));
  });
});

import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src/base/pure/seededRandom';
import { keyNumber } from '../../../../src/pairs/keyNumber';
import type { Ignore } from '../../../../src/pairs/marks/ignore';
import { ignoreRecords } from '../../../../src/pairs/marks/ignoreRecords';
import { type EditRecord, type Mark, newMark } from '../../../../src/pairs/marks/mark';
import { MarkBook } from '../../../../src/pairs/marks/markBook';
import { ignoreLine, markLine, readMarkLine } from '../../../../src/pairs/marks/markLines';
import { paceOf, progressOf } from '../../../../src/pairs/marks/pace';
import { positionBiases } from '../../../../src/pairs/marks/positionBias';
import { MarkTally } from '../../../../src/pairs/marks/tally';
import { isMarksName, marksName } from '../../../../src/pairs/marks/marksName';

const [a, b, c] = ['aaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbb', 'cccccccccccccccc'] as const;
const time = (second: number): string => new Date(Date.UTC(2026, 10, 29) + second * 1000).toISOString();
const mark = (key: string, second: number, part: Partial<Mark> = {}): Mark => ({
  ...newMark(key, 'ann'),
  verdict: 'keep',
  at: time(second),
  ...part,
});
const edit = (key: string, to: string, second: number, swapped = false): EditRecord => ({
  key,
  to,
  action: 'Edit text',
  before: {},
  after: {},
  swapped,
  by: 'ann',
  at: time(second),
});
const verdictOf = (book: MarkBook, key: string, by = 'ann'): Mark['verdict'] | undefined =>
  book.markOf(by, keyNumber(key))?.verdict;

describe('the marks of a file', () => {
  it('gives the newest mark of each reviewer; on equal times the later line', () => {
    const book = new MarkBook();
    book.add(mark(a, 2, { verdict: 'tie' }));
    book.add(mark(a, 1, { verdict: 'swap' }));
    book.add(mark(a, 3, { by: 'bob', verdict: 'both_bad' }));
    expect(book.marksOf(keyNumber(a)).map(({ by, verdict }) => [by, verdict])).toEqual([
      ['bob', 'both_bad'],
      ['ann', 'tie'],
    ]);
    book.add(mark(a, 2, { verdict: 'keep' }));
    expect(verdictOf(book, a)).toBe('keep');
  });

  it('keeps the label of a reviewer beside the decision with which the same person adjudicates', () => {
    const book = new MarkBook();
    book.add(mark(a, 1, { verdict: 'keep' }));
    book.add(mark(a, 2, { verdict: 'swap', adjudicates: true }));
    expect(verdictOf(book, a)).toBe('keep');
    expect(book.markOf('ann', keyNumber(a), null, true)?.verdict).toBe('swap');
    book.addEdit(edit(a, b, 3, true));
    expect([verdictOf(book, b), book.markOf('ann', keyNumber(b), null, true)?.verdict]).toEqual(['swap', 'keep']);
    const line = markLine(mark(a, 2, { adjudicates: true }));
    expect(line).toContain('"adjudicates":true');
    expect(readMarkLine(line)).toMatchObject({ kind: 'mark', mark: { adjudicates: true } });
    expect(markLine(mark(a, 1))).not.toContain('adjudicates');
  });

  it('carries marks along edits; an edit that exchanges the answers turns them around', () => {
    const book = new MarkBook();
    book.add(mark(a, 1, { first: 'chosen', dimensions: { helpful: 2, honest: 0 } }));
    book.addEdit(edit(a, b, 2));
    book.addEdit(edit(b, c, 3, true));
    expect(verdictOf(book, b)).toBe('keep');
    expect(book.markOf('ann', keyNumber(c))).toMatchObject({
      key: c,
      verdict: 'swap',
      first: 'rejected',
      dimensions: { helpful: -2, honest: 0 },
    });
    // Undone: the pair is as before, and so is its mark.
    book.addEdit(edit(c, a, 4, true));
    expect(verdictOf(book, a)).toBe('keep');
  });

  it('finds the mark of a pair whose answers another program exchanged', () => {
    const book = new MarkBook();
    book.add(mark(a, 1, { verdict: 'swap' }));
    expect(book.marksOf(keyNumber(b), keyNumber(a))[0]?.verdict).toBe('keep');
    book.add(mark(b, 0, { verdict: 'tie' }));
    expect(book.marksOf(keyNumber(b), keyNumber(a))[0]?.verdict).toBe('keep');
  });

  it('also carries a mark that a person still made on the old pair, but the new pair’s own mark outweighs it', () => {
    const book = new MarkBook();
    book.addEdit(edit(a, b, 2));
    book.add(mark(a, 9, { verdict: 'tie' }));
    expect(verdictOf(book, b)).toBe('tie');
    book.add(mark(b, 5, { verdict: 'swap' }));
    expect(verdictOf(book, b)).toBe('swap');
  });

  it('does not depend on the order of the lines, which git may change', () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const random = seededRandom(seed);
    const records = [
      mark(a, 1, { verdict: 'keep' }),
      mark(a, 6, { verdict: 'tie' }),
      mark(b, 4, { verdict: 'both_bad' }),
      mark(c, 7, { verdict: 'swap' }),
      mark(a, 3, { by: 'bob', verdict: 'swap' }),
      edit(a, b, 2),
      edit(b, c, 5, true),
    ];
    const said = (order: typeof records): unknown => {
      const book = new MarkBook();
      for (const record of order) {
        if ('verdict' in record) book.add(record);
        else book.addEdit(record);
      }
      return [a, b, c].flatMap((key) => ['ann', 'bob'].map((by) => verdictOf(book, key, by)));
    };
    const expected = said(records);
    for (let i = 0; i < 200; i++) {
      const order = [...records].map((record) => [random(), record] as const).sort((x, y) => x[0] - y[0]);
      expect(said(order.map(([, record]) => record)), `seed ${seed}`).toEqual(expected);
    }
  });
});

describe('a line of a marks file', () => {
  it('is read as it was written, with fields that Margin does not know', () => {
    const full = mark(a, 1, {
      strength: 3,
      dimensions: { helpful: -1 },
      tags: ['code'],
      note: 'π "quoted"\n',
      flag: true,
      skipped: true,
      first: 'rejected',
      blind: true,
      extra: { mood: [1] },
    });
    expect(readMarkLine(markLine(full))).toEqual({ kind: 'mark', mark: full });
    expect(readMarkLine(markLine(mark(b, 2)))).toEqual({ kind: 'mark', mark: mark(b, 2) });
  });

  it.each([
    ['{"kind":"mark"', 'not JSON'],
    ['7', 'not a JSON object'],
    ['{"key":"a"}', 'no "kind"'],
    ['{"kind":"mark","key":"xyz"}', '16 hexadecimal digits'],
    [markLine(mark(a, 1)).replace('"keep"', '"keeep"'), 'write keep, swap, tie, both_bad or null'],
    [markLine(mark(a, 1)).replace(/"at":"[^"]*"/, '"at":"yesterday"'), 'not a time'],
    [markLine(mark(a, 1, { dimensions: { x: 1 } })).replace('"x":1', '"x":9'), 'from -2 to 2'],
    [markLine(mark(a, 1)).replace('"strength":null', '"strength":4'), 'write 1, 2, 3 or null'],
    [markLine(mark(a, 1)).replace('"by":"ann"', '"by":7'), 'name of the reviewer'],
  ])('that is damaged is named with its fix: %s', (line, fault) => {
    expect(readMarkLine(line)).toMatchObject({ kind: 'damaged', fault: expect.stringContaining(fault) });
  });

  it('of an unknown kind is told apart from a damaged one', () => {
    expect(readMarkLine('{"kind":"vote","key":1}')).toEqual({ kind: 'unknown', name: 'vote' });
  });
});

describe('what marks add up to', () => {
  it('the pace leaves out pauses, and needs some verdicts', () => {
    const times = [0, 10, 20, 1000, 1012].map((second) => second * 1000);
    expect(paceOf(times)).toBeCloseTo(32 / 3);
    expect(paceOf(times.slice(0, 3))).toBeNull();
    expect(paceOf([0, 1000, 2000, 3000, 9000], 3)).toBeCloseTo(8 / 3);
    expect(progressOf(81, 214, times)).toMatchObject({ done: 81, total: 214, left: expect.closeTo((133 * 32) / 3) });
  });

  it('counts verdicts, flags and tags pair by pair, and back', () => {
    const tally = new MarkTally();
    const marks = [mark(a, 1, { tags: ['code'] }), mark(b, 1, { verdict: null, skipped: true, flag: true }), null];
    for (const one of marks) tally.add(one);
    const { verdicts, ...rest } = tally.counts;
    expect(rest).toEqual({ pairs: 3, unreviewed: 2, skipped: 1, flagged: 1, tags: new Map([['code', 1]]) });
    expect(verdicts.keep).toBe(1);
    for (const one of marks) tally.add(one, -1);
    expect(tally.counts).toMatchObject({ pairs: 0, unreviewed: 0, tags: new Map() });
  });

  it('tells how often each reviewer preferred the answer shown first, of blind verdicts alone', () => {
    const blind = (first: 'chosen' | 'rejected', verdict: Mark['verdict'], by = 'ann'): Mark =>
      mark(a, 1, { blind: true, first, verdict, by });
    const marks = [
      ...Array.from({ length: 10 }, () => blind('chosen', 'keep')),
      ...Array.from({ length: 4 }, () => blind('rejected', 'keep')),
      blind('chosen', 'tie'),
      mark(a, 1, { first: 'chosen' }),
      blind('rejected', 'swap', 'bob'),
    ];
    const [ann, bob] = positionBiases(marks);
    // Wilson's interval for 10 of 14, as statsmodels gives it (proportion_confint, method "wilson").
    expect(ann).toMatchObject({ by: 'ann', verdicts: 14, forFirst: 10 });
    expect(ann?.low).toBeCloseTo(0.4535, 3);
    expect(ann?.high).toBeCloseTo(0.8828, 3);
    expect(bob).toMatchObject({ by: 'bob', verdicts: 1, forFirst: 1 });
  });

  it('the marks file has the name of the data file, which a conversion keeps', () => {
    for (const name of ['d/prefs.jsonl', 'd/prefs.csv', 'd/prefs.parquet', 'd/prefs.jsonl.gz', 'd/prefs.json'])
      expect(marksName(name)).toBe('d/prefs.marks.jsonl');
    expect([isMarksName('prefs.marks.jsonl'), isMarksName('marks.jsonl')]).toEqual([true, false]);
  });
});

describe('a rule that is ignored in a row', () => {
  const ignore = (key: string, second: number, ignored = true): Ignore => {
    return { key, rule: 'refusal', ignored, by: 'ann', at: time(second), extra: {} };
  };
  const rowsOf = (book: MarkBook): readonly string[] => Object.keys(book.ignored?.byRow ?? {});
  const number = (key: string): string => String(keyNumber(key));

  it('is what the newest record says, whoever wrote it, in any order of lines, also after edits', () => {
    const seed = Date.now();
    const random = seededRandom(seed);
    const records = [ignore(a, 1), { ...ignore(a, 4, false), by: 'bob' }, edit(a, b, 2), edit(b, c, 5), ignore(c, 6)];
    for (let i = 0; i < 100; i++) {
      const order = [...records].map((record) => [random(), record] as const).sort((x, y) => x[0] - y[0]);
      const book = new MarkBook();
      for (const [, record] of order) {
        if ('rule' in record) book.addIgnore(record);
        else book.addEdit(record);
      }
      // What bob says of the first row after it was edited holds for the second row, too.
      expect(rowsOf(book), `seed ${seed}`).toEqual([number(c)]);
    }
  });

  it('is read as it was written, with fields that Margin does not know', () => {
    const record = { ...ignore(a, 1), extra: { why: 'made up' } };
    expect(readMarkLine(ignoreLine(record))).toEqual({ kind: 'ignore', ignore: record });
  });

  it('is reported again also if it is ignored in the pair with its answers exchanged', () => {
    const book = new MarkBook();
    book.addIgnore(ignore(b, 1));
    const keys = { own: a, exchanged: b };
    const asked = { rule: 'refusal', by: 'bob', now: 0 };
    expect(ignoreRecords(book, keys, { ...asked, ignored: true })).toEqual([]);
    const records = ignoreRecords(book, keys, { ...asked, ignored: false });
    // Later than what it takes back, although this clock is behind.
    expect(records).toMatchObject([{ key: b, ignored: false, at: new Date(Date.parse(time(1)) + 1).toISOString() }]);
    for (const record of records) book.addIgnore(record);
    expect(rowsOf(book)).toEqual([]);
  });

  it('is no mark: the row counts as one that nobody has seen', () => {
    const book = new MarkBook();
    book.addIgnore(ignore(a, 1));
    expect([book.size, book.marksOf(keyNumber(a))]).toEqual([0, []]);
  });

  it('is not one whose rows cannot be used', () => {
    const book = new MarkBook();
    book.addIgnore({ ...ignore(a, 1), rule: 'wrong-type' });
    expect(book.ignored).toBe(null);
  });
});

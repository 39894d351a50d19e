import { describe, expect, it } from 'vitest';
import { at } from '../../../../src/base/pure/must';
import { seededRandom } from '../../../../src/base/pure/seededRandom';
import { asQueried } from '../../../../src/jsonl/node/search/asQueried';
import { readPair } from '../../../../src/pairs/readPair';
import { detectAll } from '../../../../src/pairs/reading';
import { columnReader } from '../../../../src/pairs/query/column';
import type { Condition, Sum } from '../../../../src/pairs/query/condition';
import { predicateOf, type RowSource } from '../../../../src/pairs/query/evaluate';
import { parseQuery } from '../../../../src/pairs/query/parseQuery';
import { printQuery } from '../../../../src/pairs/query/printQuery';
import { startTest } from '../../../../src/pairs/query/startOf';
import { planOf } from '../../../../src/pairs/query/queryPlan';
import { randomCondition } from './randomCondition';

/** Answers a query about lines. */
function sourceOf(lines: readonly string[]): RowSource {
  const rows = lines.map((line) => asQueried(line, readPair(line, detectAll), detectAll));
  const read = <T>(column: Parameters<RowSource['number']>[0]) => {
    const reader = columnReader(column);
    return (row: number): T => reader(at(rows, row)) as T;
  };
  return {
    fact: (field) => (row) => (field === 'row' ? row + 1 : null),
    factTexts: () => () => [],
    number: read,
    labels: read,
    match: read,
  };
}

function found(query: string, lines: readonly string[]): number[] {
  const meets = predicateOf(parseQuery(query), sourceOf(lines));
  return lines.flatMap((_, row) => (meets(row) === true ? [row + 1] : []));
}

const list = {
  instruction: 'Name a colour.',
  completions: [
    { response: 'Red is one.', overall_score: 3, model: 'small' },
    { response: 'Blue.', overall_score: 9, model: 'large-2' },
  ],
};
const chat = {
  prompt: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Hi\nthere' },
  ],
  chosen: [{ role: 'assistant', content: 'Hello.' }],
  rejected: [{ role: 'assistant', content: 'What do you want?' }],
  score_chosen: 2,
  score_rejected: 5,
  chosen_model: 'Alpha',
  meta: { lang: 'de', 'a key': [1, 'two'] },
};
const lines = [
  chat,
  { prompt: 'Why?', chosen: 'Because.', rejected: 'No.', source: 'forum', score: '7' },
  { prompt: 'Why?', completion: 'So it is.', label: false },
  list,
  { other: 'x' },
].map((row) => JSON.stringify(row));

describe('a query finds rows', () => {
  it.each([
    ['', [1, 2, 3, 4, 5]],
    ['why -no', [3]],
    ['"hi there" prompt:"hi there"', [1]],
    ['len(chosen)<len(rejected)', [1, 4]],
    ['gap>0', [2]],
    ['len(chosen):none', [3, 5]],
    ['words(rejected)=3', [3, 4]],
    ['turns>1 turns(prompt)=2', [1]],
    ['len(system)<10 or system:none -prompt:none', [1, 2, 3, 4]],
    ['score(chosen)<score(rejected)', [1]],
    ['score(chosen)>5', [4]],
    ['.score:>6 or .meta.lang:=de', [1, 2]],
    ['."meta"."a key":two', [1]],
    ['.score:none', [1, 3, 4, 5]],
    ['len(.source)=5', [2]],
    ['model:large|alpha', [1, 4]],
    ['model:="alpha"', [1]],
    ['source:forum format:explicit', [2]],
    ['kind:judged label:bad', [3]],
    ['kind:unusable severity:error', [5]],
    ['chosen:/^(hello|blue)\\.$/i', [1, 4]],
    ['/^Why\\?$/ -label:bad', [2]],
    ['row:2..3', [2, 3]],
    ['starts(rejected):"SO it"|"what do you"', [1, 3]],
    ['-script:latin', [5]],
    ['len(chosen)/0>1 or -1*row<-4', [5]],
    ['margin:none margin!=3', []],
  ])('%s: %j', (query, rows) => {
    expect(found(query, lines)).toEqual(rows);
  });

  it('as an evaluator does that reads the texts itself', () => {
    const texts = ['yes', 'no', 'Sorry, no.', 'The sky\nis blue', 'grün', 'a\\b "x" (x)', '', '3'];
    for (let seed = 1; seed <= 500; seed++) {
      const next = seededRandom(seed);
      const pick = (): string => texts[Math.floor(next() * texts.length)] ?? '';
      const rows = Array.from({ length: 20 }, () => ({
        prompt: pick(),
        chosen: pick(),
        rejected: pick(),
        ...(next() < 0.5 ? { source: pick() } : {}),
        ...(next() < 0.5
          ? { n: Math.floor(next() * 12), meta: { 'a key': pick(), 'score-x': next() < 0.5 ? 1 : 2.5 } }
          : {}),
        ...(next() < 0.5 ? { model: pick(), tags: [pick()] } : {}),
      }));
      const condition = randomCondition(next, 2);
      const written = rows.map((row) => JSON.stringify(row));
      const meets = predicateOf(condition, sourceOf(written));
      const naive = rows.map((row, i) => naiveMeets(condition, row, i));
      expect(
        rows.map((_, i) => meets(i)),
        `seed ${seed}: ${printQuery(condition)}`,
      ).toEqual(naive);
      const { words, rest } = planOf(condition);
      const restMeets = predicateOf(rest, sourceOf(written));
      const planned = rows.map(
        (row, i) => words.every((word) => naiveMeets({ kind: 'word', word }, row, i)) && restMeets(i),
      );
      expect(planned, `seed ${seed}`).toEqual(naive);
    }
  });
});

type Row = Readonly<Record<string, unknown>>;

/** Row texts are plain pairs, so each side is one text. */
function naiveMeets(condition: Condition, row: Row, i: number): boolean {
  switch (condition.kind) {
    case 'and':
      return condition.parts.every((part) => naiveMeets(part, row, i));
    case 'or':
      return condition.parts.some((part) => naiveMeets(part, row, i));
    case 'not':
      return !naiveMeets(condition.part, row, i);
    case 'word':
      return JSON.stringify(row)
        .replaceAll('\\n', ' ')
        .replaceAll(/\\(.)/g, '$1')
        .toLowerCase()
        .includes(condition.word);
    case 'pattern':
      return strings(row).some((text) => new RegExp(condition.pattern, condition.flags).test(text));
    case 'text': {
      const texts = naiveTexts(condition.of, row).filter((text) => text !== null);
      return condition.tests.some((test) => {
        if (test.kind === 'none') return texts.length === 0;
        if (test.kind === 'matches') return texts.some((text) => new RegExp(test.pattern, test.flags).test(text));
        if (test.kind === 'begins') return texts.some(startTest(test.text));
        const lower = texts.map((text) => text.toLowerCase());
        return test.kind === 'is'
          ? lower.includes(test.text)
          : lower.some((text) => text.replace('\n', ' ').includes(test.text));
      });
    }
    case 'compare': {
      const [a, b] = [naiveNumber(condition.left, row, i), naiveNumber(condition.right, row, i)];
      if (a === null || b === null) return false;
      const order = { '<': a < b, '<=': a <= b, '>': a > b, '>=': a >= b, '=': a === b, '!=': a !== b };
      return order[condition.sign];
    }
  }
}

function naiveTexts(of: Extract<Condition, { kind: 'text' }>['of'], row: Row): string[] {
  if (of.kind === 'path')
    return present(of.keys.reduce<unknown>((value, key) => (value as Row | undefined)?.[key], row));
  if (of.kind === 'start') return naiveTexts(of.of, row).slice(0, 1);
  const field = of.kind === 'field' ? of.field : of.side;
  if (field === 'format') return ['explicit-plain'];
  if (field === 'system') return [];
  return field === 'prompt' || field === 'chosen' || field === 'rejected' ? [String(row[field])] : present(row[field]);
}

function present(value: unknown): string[] {
  return value === undefined || value === '' ? [] : [String(value)];
}

function naiveNumber(sum: Sum, row: Row, i: number): number | null {
  switch (sum.kind) {
    case 'number':
      return sum.value;
    case 'value': {
      const value: unknown = sum.keys.reduce<unknown>((here, key) => (here as Row | undefined)?.[key], row);
      return typeof value === 'number' ? value : null;
    }
    case 'minus': {
      const value = naiveNumber(sum.part, row, i);
      return value === null ? null : -value;
    }
    case 'arithmetic': {
      const [a, b] = [naiveNumber(sum.left, row, i), naiveNumber(sum.right, row, i)];
      if (a === null || b === null) return null;
      const value = { '+': a + b, '-': a - b, '*': a * b, '/': a / b }[sum.sign];
      return Number.isFinite(value) ? value : null;
    }
    case 'measure': {
      if (sum.field === 'row') return i + 1;
      if (sum.field === 'gap') return String(row['chosen']).length - String(row['rejected']).length;
      if (sum.of === null) return 2;
      const name = sum.of.kind === 'side' ? sum.of.side : 'source';
      const text = row[name];
      if (text === undefined) return null;
      if (sum.field === 'turns') return sum.of.kind === 'side' ? 1 : null;
      return sum.field === 'len'
        ? String(text).length
        : String(text)
            .split(/\s+/)
            .filter((word) => word !== '').length;
    }
  }
}

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(strings) : [];
}

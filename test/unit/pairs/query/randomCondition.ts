import type { Comparison, Condition, Sign, Sum, Target, TextTest } from '../../../../src/pairs/query/condition';
import { must } from '../../../../src/base/pure/must';

type Random = () => number;

function pick<T>(next: Random, items: readonly T[]): T {
  return must(items[Math.floor(next() * items.length)], 'an item');
}

const words = ['yes', 'no', 'sorry', 'the sky', 'and', '"', 'a\\b', 'grün', '3', '(x)', 'e'] as const;
const comparisonSigns: readonly Comparison[] = ['<', '<=', '>', '>=', '=', '!='];
const signs: readonly Sign[] = ['+', '-', '*', '/'];

/** A condition, as the parser makes them. */
export function randomCondition(next: Random, depth: number): Condition {
  const kind = next();
  if (depth > 0 && kind < 0.45) {
    const parts = (nested: 'and' | 'or'): Condition[] =>
      Array.from({ length: 2 + Math.floor(next() * 2) }, () => randomCondition(next, depth - 1)).filter(
        (part) => part.kind !== nested,
      );
    if (kind < 0.15) return { kind: 'not', part: randomCondition(next, depth - 1) };
    const joined = kind < 0.3 ? 'and' : 'or';
    const some = parts(joined);
    if (some.length > 1) return { kind: joined, parts: some };
  }
  if (kind < 0.6) return { kind: 'word', word: pick(next, words) };
  if (kind < 0.65)
    return {
      kind: 'pattern',
      pattern: pick(next, ['^yes', 'n[o/]', String.raw`a\/b|e`]),
      flags: pick(next, ['', 'i']),
    };
  if (kind < 0.68) return randomStart(next);
  if (kind < 0.8) return { kind: 'text', of: randomSource(next), tests: randomTests(next) };
  return { kind: 'compare', left: randomSum(next, 2), sign: pick(next, comparisonSigns), right: randomSum(next, 1) };
}

/** `starts(chosen):yes` */
function randomStart(next: Random): Condition {
  const of: Target = next() < 0.5 ? { kind: 'side', side: 'chosen' } : { kind: 'path', keys: ['source'] };
  return { kind: 'text', of: { kind: 'start', of }, tests: [{ kind: 'begins', text: pick(next, words) }] };
}

function randomSource(next: Random): Extract<Condition, { kind: 'text' }>['of'] {
  if (next() < 0.3) return { kind: 'path', keys: pick(next, [['source'], ['meta', 'a key'], ['tags', '0']]) };
  return { kind: 'field', field: pick(next, ['prompt', 'chosen', 'rejected', 'system', 'model', 'source', 'format']) };
}

function randomTests(next: Random): TextTest[] {
  const isExact = next() < 0.3;
  return Array.from({ length: 1 + Math.floor(next() * 2) }, (): TextTest => {
    if (isExact) return { kind: 'is', text: pick(next, words) };
    return pick<TextTest>(next, [
      { kind: 'contains', text: pick(next, words) },
      { kind: 'matches', pattern: '^y|o$', flags: 'i' },
      { kind: 'none' },
    ]);
  });
}

function randomSum(next: Random, depth: number): Sum {
  const kind = next();
  if (depth > 0 && kind < 0.3)
    return {
      kind: 'arithmetic',
      sign: pick(next, signs),
      left: randomSum(next, depth - 1),
      right: randomSum(next, depth - 1),
    };
  if (kind < 0.5) return { kind: 'number', value: pick(next, [0, 1, 2.5, 10, -1]) };
  if (kind < 0.6) return { kind: 'value', keys: pick(next, [['n'], ['meta', 'score-x']]) };
  if (kind < 0.7) return { kind: 'measure', field: pick(next, ['row', 'turns', 'gap']), of: null };
  const targets: readonly Target[] = [
    { kind: 'side', side: pick(next, ['prompt', 'chosen', 'rejected', 'system']) },
    { kind: 'path', keys: ['source'] },
  ];
  return { kind: 'measure', field: pick(next, ['len', 'words', 'turns']), of: pick(next, targets) };
}

import type { Condition, Sum, Target, TextSource, TextTest } from './condition';
import { writtenPath } from './parsePath';

/** A query with this condition: {@link parseQuery} of it gives the same condition again. */
export function printQuery(condition: Condition): string {
  switch (condition.kind) {
    case 'and':
      return printAll(condition.parts);
    case 'or':
      return condition.parts.map((part) => grouped(part, ['or'])).join(' or ');
    case 'not':
      return `not ${grouped(condition.part, ['and', 'or'])}`;
    case 'word':
      return quoted(condition.word);
    case 'pattern':
      return `/${condition.pattern}/${condition.flags}`;
    case 'text': {
      const { of, tests } = condition;
      const isExact = tests.some(({ kind }) => kind === 'is');
      return `${printSource(of)}:${isExact ? '=' : ''}${tests.map(printTest).join('|')}`;
    }
    case 'compare':
      return `${printSum(condition.left)} ${condition.sign} ${printSum(condition.right)}`;
  }
}

/** Conditions that must all be met. The two bounds of a number are written as a range, `margin:-1.2..-0.4`. */
function printAll(parts: readonly Condition[]): string {
  const terms: string[] = [];
  for (let i = 0; i < parts.length; i++) {
    const [low, high] = parts.slice(i, i + 2);
    const range = low && high ? printRange(low, high) : null;
    if (range !== null) i++;
    terms.push(range ?? (low ? grouped(low, ['and', 'or']) : ''));
  }
  return terms.join(' ');
}

/** A range cannot have an exponent. */
const plainNumber = /^-?\d+(\.\d+)?$/;

function printRange(low: Condition, high: Condition): string | null {
  if (low.kind !== 'compare' || high.kind !== 'compare' || low.sign !== '>=' || high.sign !== '<=') return null;
  if (low.left.kind !== 'measure' || low.right.kind !== 'number' || high.right.kind !== 'number') return null;
  const bounds = [String(low.right.value), String(high.right.value)];
  const isSame = printSum(low.left) === printSum(high.left);
  return isSame && bounds.every((bound) => plainNumber.test(bound))
    ? `${printSum(low.left)}:${bounds.join('..')}`
    : null;
}

function printSource(of: TextSource): string {
  if (of.kind === 'start') return `starts(${printTarget(of.of)})`;
  return of.kind === 'field' ? of.field : printTarget(of);
}

function grouped(part: Condition, kinds: readonly Condition['kind'][]): string {
  if (part.kind === 'and' && part.parts.length === 0) return '""';
  return kinds.includes(part.kind) ? `(${printQuery(part)})` : printQuery(part);
}

function printTest(test: TextTest): string {
  if (test.kind === 'none') return 'none';
  return test.kind === 'matches' ? `/${test.pattern}/${test.flags}` : quoted(test.text);
}

/** A sum; each part of it that is a sum is in parentheses. */
function printSum(sum: Sum): string {
  switch (sum.kind) {
    case 'number':
      return String(sum.value);
    case 'measure':
      return sum.of ? `${sum.field}(${printTarget(sum.of)})` : sum.field;
    case 'value':
      return writtenPath(sum.keys);
    case 'minus':
      return `-${part(sum.part)}`;
    case 'arithmetic':
      return `${part(sum.left)} ${sum.sign} ${part(sum.right)}`;
  }
}

function part(sum: Sum): string {
  return sum.kind === 'arithmetic' ? `(${printSum(sum)})` : printSum(sum);
}

function printTarget(target: Target): string {
  return target.kind === 'side' ? target.side : writtenPath(target.keys);
}

function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}

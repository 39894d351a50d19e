import type { Condition, Sum, Target, TextSource, TextTest } from './condition';
import { writtenPath } from './parsePath';

/** A query with this condition: {@link parseQuery} of it gives the same condition again. */
export function printQuery(condition: Condition): string {
  switch (condition.kind) {
    case 'and':
      return condition.parts.map((part) => grouped(part, ['and', 'or'])).join(' ');
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
export function printSum(sum: Sum): string {
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

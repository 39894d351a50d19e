import { nearest } from '../../base/pure/nearest';
import type { Condition, TextSource, TextTest } from './condition';
import { anyIgnored } from './anyIgnored';
import { ruleIds } from '../rules/ruleIds';
import type { Field } from './field';
import { comparisonsOf } from './parseSum';
import type { QueryReader } from './queryReader';

/** A number, or a comparison with one, as a value of a column. */
const numberValue = /(?:[<>]=?|!=|=)?\s*[-−]?(?:\d+\.?\d*|\.\d+)(?:\.\.[-−]?[\d.]+)?(?=[\s()]|$)/y;
const signValue = /[<>]/y;

/**
 * What follows the name of a field or column: `:value`, `:="exact value"`, `:/pattern/i`, `:this|that`, `:none`; `=`
 * and `!=` compare exactly. Numbers are compared.
 *
 * @param field null for a column
 * @param start where the term begins
 * @throws BadQuery
 */
export function parseValue(reader: QueryReader, of: TextSource, field: Field | null, start: number): Condition {
  const isNumber = field?.type === 'number';
  if (reader.peek(/[<>(]/y) !== null) return misplaced(reader, start, field);
  const sign = reader.take(/:|!=|==?/y);
  const isColon = sign === ':';
  if (field && isNumber) return comparisonsOf(reader, { kind: 'measure', field: field.name, of: null });
  if (of.kind === 'path' && (isColon ? (reader.peek(numberValue) ?? reader.peek(signValue)) : null) !== null)
    return comparisonsOf(reader, { kind: 'value', keys: of.keys });
  const isNegated = isColon ? reader.take(/!=/y) !== null : sign === '!=';
  const isExact = isNegated || !isColon || reader.take(/==?/y) !== null || field?.type === 'choice';
  const tests = [test(reader, field, isExact)];
  while (reader.take(/\|/y) !== null) tests.push(test(reader, field, isExact));
  const condition: Condition = { kind: 'text', of, tests };
  return isNegated ? { kind: 'not', part: condition } : condition;
}

function misplaced(reader: QueryReader, start: number, field: Field | null): never {
  const name = field ? field.name : 'The column';
  const example = field ? field.example : '.key:value';
  return reader.fail(start, reader.at, `${name} is a text, which is not compared as a number: write ${example}.`);
}

function test(reader: QueryReader, field: Field | null, isExact: boolean): TextTest {
  const start = reader.at;
  const pattern = field?.type === 'choice' ? null : reader.pattern();
  if (pattern) return { kind: 'matches', ...pattern };
  if (reader.peek(/"/y) !== null) return textTest(reader, start, field, reader.quoted(), isExact);
  const word = reader.take(/[^\s"()|]+/y);
  if (word === null) {
    const example = field ? field.example : '.key:value';
    return reader.fail(start - 1, reader.at, `A value is missing here: write one, as in ${example}.`);
  }
  const isFree = !field || field.values === null;
  if (word.toLowerCase() === 'none' && isFree) return { kind: 'none' };
  return textTest(reader, start, field, word, isExact);
}

function textTest(reader: QueryReader, start: number, field: Field | null, text: string, isExact: boolean): TextTest {
  const isRule = field?.name === 'problem' || field?.name === 'ignored';
  const values = isRule ? rulesOf(field) : field?.values;
  const lower = text.toLowerCase();
  if (field && values && !values.includes(lower)) {
    const near = nearest(text, values);
    const hint = near === null ? '' : ` Did you mean ${near}?`;
    const of = isRule ? `the id of a rule${field.name === 'ignored' ? ` or ${anyIgnored}` : ''}` : values.join(' or ');
    reader.fail(start, reader.at, `${field.name} is ${of}, not ${text}.${hint}`);
  }
  if (isExact) return { kind: 'is', text: lower };
  return field?.name === 'starts' ? { kind: 'begins', text: lower } : { kind: 'contains', text: lower };
}

/** The values of a field whose values are rules. */
function rulesOf({ name }: Field): readonly string[] {
  return name === 'ignored' ? [...ruleIds, anyIgnored] : ruleIds;
}

import { type Comparison, type Condition, querySides, type Sign, type Sum, type Target } from './condition';
import type { Field } from './field';
import { fieldName, nameBefore } from './fieldName';
import { fieldNamed, isOfAnswer, nearestField } from './fields';
import { pathPattern, takePath } from './parsePath';
import { BadQuery } from './queryError';
import type { QueryReader } from './queryReader';

const nameBeforePart = nameBefore('\\(');
const nameBeforeSign = nameBefore('\\s*(?:[<>]|!?=)|[-−+*/][^\\s"]*[<>=]');
const nameOrNumber = new RegExp(`[-−]?(?:\\d|\\.\\d)|${fieldName}(?=\\s+[-−+*/]\\s)`, 'iuy');
const pathBeforeSign =
  /(?:column)?\.(?:"(?:\\.|[^"])*"|[\p{L}\p{N}_$.\\-])+(?=\s*[<>]|\s+(?:[-−+*/]|!?=)\s|[+*/][^\s"]*[<>=])/uy;
const anyName = new RegExp(fieldName, 'iuy');
const comparisonSign = /<=|>=|==|!=|<|>|=/y;
const signAfterGroup = /\s*(?:[<>]|!?=)|[-−+*/]|\s+[-−+*/]\s/y;

/** Whether a comparison of numbers begins here. */
export function startsComparison(reader: QueryReader): boolean {
  if (reader.peek(nameBeforePart) !== null || reader.peek(pathBeforeSign) !== null) return true;
  const name = reader.peek(nameBeforeSign);
  if (name !== null) return fieldNamed(name)?.type === 'number';
  // 24/7, 3 and "lines - and more" are words.
  if (reader.peek(nameOrNumber) !== null) return isReadable(reader, parseComparison);
  const isGroup = reader.peek(/\(/y) !== null;
  return isGroup && isReadable(reader, (inner) => factor(inner), signAfterGroup);
}

/** Whether something can be read from here, and `next` follows it. */
function isReadable(reader: QueryReader, read: (reader: QueryReader) => unknown, next?: RegExp): boolean {
  const start = reader.at;
  try {
    read(reader);
    return next === undefined || reader.peek(next) !== null;
  } catch (error) {
    if (error instanceof BadQuery) return false;
    throw error;
  } finally {
    reader.at = start;
  }
}

/** A comparison of two sums: `len(chosen) > 2*len(rejected)`. @throws BadQuery */
export function parseComparison(reader: QueryReader): Condition {
  const start = reader.at;
  const left = parseSum(reader);
  if (left.kind === 'measure' && reader.peek(/:/y) !== null) return valueOf(reader, left);
  reader.skipSpace();
  const sign = reader.take(comparisonSign);
  if (sign === null)
    reader.fail(start, reader.at, 'A comparison is missing: write <, <=, >, >=, = or != and a number after it.');
  return { kind: 'compare', left, sign: asComparison(sign), right: parseSum(reader) };
}

/** `len(chosen):>100`, the same as `len(chosen)>100`. */
function valueOf(reader: QueryReader, left: Sum): Condition {
  reader.take(/:/y);
  return comparisonsOf(reader, left);
}

/** What follows the colon of a number: `>3`, `3`, `3..5` or `none`. */
export function comparisonsOf(reader: QueryReader, left: Sum): Condition {
  const start = reader.at;
  if (reader.take(/none(?=[\s()]|$)/iy) !== null) {
    const known: Condition = { kind: 'compare', left, sign: '=', right: left };
    return { kind: 'not', part: known };
  }
  const range = reader.take(/[-−]?[\d.]+?\.\.[-−]?[\d.]+(?=[\s()]|$)/y);
  if (range !== null) {
    const [from, to] = range.split('..').map((bound) => numberOf(reader, start, bound));
    if (from === undefined || to === undefined) return missingNumber(reader, start);
    const right = (value: number): Sum => ({ kind: 'number', value });
    return {
      kind: 'and',
      parts: [
        { kind: 'compare', left, sign: '>=', right: right(from) },
        { kind: 'compare', left, sign: '<=', right: right(to) },
      ],
    };
  }
  const sign = reader.take(comparisonSign);
  if (reader.isAtEnd || reader.peek(/[\s)]/y) !== null) return missingNumber(reader, start);
  return { kind: 'compare', left, sign: sign === null ? '=' : asComparison(sign), right: parseSum(reader) };
}

function missingNumber(reader: QueryReader, start: number): never {
  return reader.fail(start - 1, reader.at, 'A number is missing here: write one, as in :<0, :>=1.5 or :2..5.');
}

function numberOf(reader: QueryReader, start: number, text: string): number {
  const value = Number(text.replace('−', '-'));
  if (!Number.isFinite(value)) reader.fail(start, reader.at, `${text} is not a number.`);
  return value;
}

function asComparison(sign: string): Comparison {
  const found = (['<', '<=', '>', '>=', '=', '!='] as const).find((known) => known === sign);
  return found ?? '=';
}

/** A `-` or `/` with a space before it and none after it begins the next term. */
const plusOrMinus = /\s*\+|[-−]|\s+[-−](?=\s)/y;
const timesOrBy = /[*/]|\s+[*/](?=\s)/y;

/** A number, computed from others. @throws BadQuery */
export function parseSum(reader: QueryReader): Sum {
  let left = product(reader);
  for (let sign = reader.take(plusOrMinus); sign !== null; sign = reader.take(plusOrMinus))
    left = { kind: 'arithmetic', sign: sign.trim() === '+' ? '+' : '-', left, right: product(reader) };
  return left;
}

function product(reader: QueryReader): Sum {
  let left = factor(reader);
  for (let sign = reader.take(timesOrBy); sign !== null; sign = reader.take(timesOrBy))
    left = { kind: 'arithmetic', sign: asSign(sign.trim()), left, right: factor(reader) };
  return left;
}

function asSign(sign: string): Sign {
  return sign === '*' ? '*' : '/';
}

function factor(reader: QueryReader): Sum {
  reader.skipSpace();
  const start = reader.at;
  if (reader.take(/[-−]\s*/y) !== null) {
    const part = reader.nested(() => factor(reader));
    return part.kind === 'number' ? { kind: 'number', value: -part.value } : { kind: 'minus', part };
  }
  const digits = reader.take(/(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/iy);
  if (digits !== null) return { kind: 'number', value: numberOf(reader, start, digits) };
  if (reader.take(/\(/y) !== null) {
    const inner = reader.nested(() => parseSum(reader));
    reader.skipSpace();
    if (reader.take(/\)/y) === null) reader.fail(start, start + 1, 'This parenthesis is not closed: add ).');
    return inner;
  }
  if (reader.peek(pathPattern) !== null) return { kind: 'value', keys: takePath(reader) };
  return measure(reader);
}

function measure(reader: QueryReader): Sum {
  const start = reader.at;
  const name = reader.take(anyName);
  if (name === null) {
    const end = Math.max(start + 1, start + (reader.peek(/[^\s()]+/y) ?? '').length);
    const from = reader.isAtEnd ? Math.max(0, start - 1) : start;
    reader.fail(from, end, 'A number is missing here: write one, or a field such as len(chosen) or turns.');
  }
  const field = fieldNamed(name);
  if (field?.type !== 'number') return notANumber(reader, start, name, field);
  const of = field.part === 'none' ? null : partOf(reader, start, field);
  return { kind: 'measure', field: field.name, of };
}

function notANumber(reader: QueryReader, start: number, name: string, field: Field | null): never {
  if (field) {
    const message = `${name} is a text, not a number: write ${field.example}, or len(…) for its length.`;
    return reader.fail(start, reader.at, message);
  }
  const near = nearestField(name);
  const hint = near === null ? '.' : `: did you mean ${near}?`;
  const message = `There is no field ${name}${hint} To find it as text, put it in quotation marks.`;
  return reader.fail(start, reader.at, message);
}

/** The part in parentheses: `(chosen)`, `(.key)`; null if there is none and none is needed. */
export function partOf(reader: QueryReader, start: number, { name, part, example }: Field): Target | null {
  if (reader.take(/\(\s*/y) === null) {
    if (part === 'optional') return null;
    return reader.fail(start, reader.at, `${name} needs to know of what: write ${name}(chosen), as in ${example}.`);
  }
  const at = reader.at;
  const target = reader.peek(pathPattern) === null ? sideOf(reader, name) : pathTarget(reader, name);
  reader.skipSpace();
  if (reader.take(/\)/y) === null) reader.fail(at - 1, reader.at, 'This parenthesis is not closed: add ).');
  return target;
}

function pathTarget(reader: QueryReader, name: string): Target {
  const start = reader.at;
  const keys = takePath(reader);
  if (isOfAnswer(name))
    reader.fail(start, reader.at, `${name} is of an answer: write ${name}(chosen) or ${name}(rejected).`);
  return { kind: 'path', keys };
}

function sideOf(reader: QueryReader, name: string): Target {
  const start = reader.at;
  const given = reader.take(/[^\s()]*/y) ?? '';
  const sides = isOfAnswer(name) ? (['chosen', 'rejected'] as const) : querySides;
  const side = sides.find((one) => one === given.toLowerCase());
  if (side !== undefined) return { kind: 'side', side };
  const what = given === '' ? 'A part of the row is missing' : `${given} is no part of the row that ${name} measures`;
  return reader.fail(
    start,
    Math.max(reader.at, start + 1),
    `${what}: write ${sides.map((one) => `${name}(${one})`).join(', ')}.`,
  );
}

import { must } from '../../base/pure/must';
import { type Condition, everyRow } from './condition';
import { nameBefore } from './fieldName';
import { bareConditions, fieldNamed, nearestField } from './fields';
import { parseComparison, partOf, startsComparison } from './parseSum';
import { pathPattern, takePath } from './parsePath';
import { parseValue } from './parseValue';
import { BadQuery, type QueryError } from './queryError';
import { QueryReader } from './queryReader';

/** Longest query. Nobody types more, and a longer one would only test the parser. */
const maxLength = 10_000;

/**
 * The condition of a query: terms that a row must all meet, joined by `and` or a space, or by `or`; `not` or `-` before
 * a term, parentheses around some. A term is a word, "quoted words", a /pattern/i, `field:value`, or a comparison of
 * numbers such as `len(chosen)>2*len(rejected)`. {@link fields} lists the fields; `.key.key` is a column of the row.
 *
 * @throws BadQuery with the place of the mistake
 * @example parseQuery('turns>3 -sorry')
 */
export function parseQuery(text: string): Condition {
  const reader = new QueryReader(text);
  if (text.length > maxLength) reader.fail(0, text.length, `The filter is longer than ${maxLength} characters.`);
  reader.skipSpace();
  if (reader.isAtEnd) return everyRow;
  const condition = either(reader);
  if (!reader.isAtEnd)
    reader.fail(reader.at, reader.at + 1, 'This parenthesis closes nothing: delete it, or put it in quotation marks.');
  return condition;
}

/** What is wrong with a query; null if it can be read. Does not throw {@link BadQuery}. */
export function queryErrorOf(text: string): QueryError | null {
  try {
    parseQuery(text);
    return null;
  } catch (error) {
    if (error instanceof BadQuery) return error.error;
    throw error;
  }
}

function either(reader: QueryReader): Condition {
  const parts = [all(reader)];
  for (let or = operator(reader, orWord); or !== null; or = operator(reader, orWord)) parts.push(all(reader));
  return joined('or', parts);
}

function all(reader: QueryReader): Condition {
  const parts = [negated(reader)];
  for (;;) {
    const and = operator(reader, andWord);
    if (and === null && (reader.isAtEnd || reader.peek(/\)/y) !== null || reader.peek(orWord) !== null))
      return joined('and', parts);
    parts.push(negated(reader));
  }
}

const orWord = /or(?=[\s()]|$)/iy;
const andWord = /and(?=[\s()]|$)/iy;
const notWord = /not(?=[\s()]|$)/iy;

/** Passes `and`, `or` or `not`, which needs a term after it. */
function operator(reader: QueryReader, word: RegExp): string | null {
  const start = reader.at;
  const found = reader.take(word);
  if (found === null) return null;
  reader.skipSpace();
  if (reader.isAtEnd || reader.peek(/\)/y) !== null)
    reader.fail(
      start,
      start + found.length,
      `"${found}" needs a term after it. To find the word, put it in quotation marks.`,
    );
  return found;
}

function negated(reader: QueryReader): Condition {
  const start = reader.at;
  for (const word of [orWord, andWord]) {
    const found = reader.peek(word);
    if (found !== null) {
      const message = `"${found}" needs a term before it. To find the word, put it in quotation marks.`;
      reader.fail(start, start + found.length, message);
    }
  }
  const isNegated = operator(reader, notWord) !== null || reader.take(/-(?=[^\s\d)-])/y) !== null;
  if (isNegated) return { kind: 'not', part: reader.nested(() => negated(reader)) };
  const condition = term(reader);
  if (reader.peek(/[\s()"]|$/y) === null) {
    const rest = reader.peek(/[^\s()"]+/y);
    reader.fail(reader.at, reader.at + (rest ?? '').length, `${rest} cannot follow here: put a space before it.`);
  }
  reader.skipSpace();
  return condition;
}

function term(reader: QueryReader): Condition {
  if (reader.peek(startPattern) !== null) return start(reader);
  if (startsComparison(reader)) return parseComparison(reader);
  if (reader.peek(/\(/y) !== null) return group(reader);
  if (reader.peek(/"/y) !== null) return wordOf(reader.quoted());
  const pattern = reader.pattern();
  if (pattern) return { kind: 'pattern', ...pattern };
  return column(reader) ?? named(reader) ?? wordOf(plainWord(reader));
}

const startPattern = /starts(?=\()/iy;

/** `starts(chosen):"as an ai"`. */
function start(reader: QueryReader): Condition {
  const from = reader.at;
  reader.take(startPattern);
  const field = must(fieldNamed('starts'), 'the field starts');
  const of = must(partOf(reader, from, field), 'the part of starts');
  if (reader.peek(/[:=]|!=/y) === null)
    reader.fail(from, reader.at, `starts needs words to look for: write ${field.example}.`);
  return parseValue(reader, { kind: 'start', of }, field, from);
}

function group(reader: QueryReader): Condition {
  const start = reader.at;
  reader.take(/\(\s*/y);
  if (reader.take(/\)/y) !== null)
    reader.fail(start, reader.at, 'The parentheses are empty: delete them, or put them in quotation marks.');
  if (reader.isAtEnd) reader.fail(start, start + 1, 'This parenthesis is not closed: add ) at the end.');
  const condition = reader.nested(() => either(reader));
  if (reader.take(/\)/y) === null) reader.fail(start, start + 1, 'This parenthesis is not closed: add ) at the end.');
  return condition;
}

/** `.key.key:value`, or `column.key:value`. */
function column(reader: QueryReader): Condition | null {
  if (reader.peek(pathPattern) === null) return null;
  const start = reader.at;
  const keys = takePath(reader);
  if (reader.peek(/[:=]|!=/y) !== null) return parseValue(reader, { kind: 'path', keys }, null, start);
  // Without a value it is a word, such as .gitignore.
  reader.at = start;
  return null;
}

const namePattern = nameBefore(':(?!//)|[<>=(]|!=');

/** `field:value`, or a word that is a condition on its own. */
function named(reader: QueryReader): Condition | null {
  const start = reader.at;
  const bare = reader.take(/[a-z]+(?=[\s()]|$)/y);
  if (bare !== null && bareConditions.has(bare)) return bareCondition(bare);
  reader.at = start;
  const name = reader.take(namePattern);
  if (name === null) return null;
  const field = fieldNamed(name);
  if (!field) return refuse(reader, start, name);
  if (field.part === 'required') {
    const message = `${field.name} needs to know of what: write ${field.name}(chosen), as in ${field.example}.`;
    reader.fail(start, reader.at, message);
  }
  return parseValue(reader, { kind: 'field', field: field.name }, field, start);
}

function bareCondition(name: string): Condition {
  if (name === 'edited')
    return { kind: 'text', of: { kind: 'field', field: name }, tests: [{ kind: 'is', text: 'yes' }] };
  const left = { kind: 'measure', field: 'problems', of: null } as const;
  return { kind: 'compare', left, sign: '>', right: { kind: 'number', value: 0 } };
}

function refuse(reader: QueryReader, start: number, name: string): never {
  const near = nearestField(name);
  const hint = near === null ? '' : `: did you mean ${near}?`;
  const end = start + name.length;
  const message = `There is no field ${name}${hint}${hint === '' ? '.' : ''} A column is .${name}; to find it as text, use quotation marks.`;
  return reader.fail(start, end, message);
}

/** Characters up to a space, a quotation mark or a parenthesis. */
function plainWord(reader: QueryReader): string {
  const word = reader.take(/[^\s"()]+/y);
  if (word !== null) return word;
  return reader.fail(reader.at, reader.at + 1, 'A term is missing here.');
}

function wordOf(text: string): Condition {
  const word = text.toLowerCase();
  return word === '' ? everyRow : { kind: 'word', word };
}

function joined(kind: 'and' | 'or', parts: readonly Condition[]): Condition {
  const [first, ...others] = parts;
  if (first !== undefined && others.length === 0) return first;
  // A condition that each row meets adds nothing to others that must be met.
  return { kind, parts: kind === 'or' ? parts : parts.flatMap((part) => (part.kind === 'and' ? part.parts : [part])) };
}

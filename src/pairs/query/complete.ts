import { querySides } from './condition';
import type { Field } from './field';
import { fieldNamed, fields, isOfAnswer } from './fields';

/** A text that can be written at a place of a query. */
export interface Completion {
  readonly text: string;
  /** What it means, in a sentence; empty for a value. */
  readonly help: string;
  readonly example: string;
}

/** What can be written in place of the characters `start … end - 1`. */
export interface Completions {
  readonly start: number;
  readonly end: number;
  readonly options: readonly Completion[];
  /** The field whose values are asked for; null if names are completed. */
  readonly field: string | null;
}

const nameBefore = /(?:^|[\s(]|[\s(]-|^-)([\p{L}_][\p{L}\p{N}_.]*)?$/u;
const valueBefore = /(?:^|[\s(-])([\p{L}_]+):=?(?:[^\s()|"]*\|)*([^\s()|"]*)$/u;
const partBefore = /(?:^|[^\p{L}\p{N}_.])([\p{L}_][\p{L}_.]*)\(([\p{L}]*)$/u;

/**
 * What can be written at a place of a query: names of fields, parts of the row in parentheses, values.
 *
 * @param cursor the number of characters before the place
 * @param isAsked whether the person asked for all names; otherwise a letter must be typed
 * @param known values of a field that the rows have
 * @param offers whether the name of a field is offered
 */
export function completionsAt(
  query: string,
  cursor: number,
  isAsked: boolean,
  known: (field: string) => readonly string[],
  offers: (field: string) => boolean = () => true,
): Completions {
  const before = query.slice(0, cursor);
  const at = (typed: string, options: readonly Completion[], field: string | null = null): Completions => ({
    start: cursor - typed.length,
    end: cursor,
    options: options.filter(({ text }) => text.toLowerCase() !== typed.toLowerCase()),
    field,
  });
  const value = valueBefore.exec(before);
  if (value) return at(value[2] ?? '', valuesOf(value[1] ?? '', value[2] ?? '', known), value[1] ?? null);
  const part = partBefore.exec(before);
  if (part) return at(part[2] ?? '', partsOf(part[1] ?? '', part[2] ?? ''));
  const name = nameBefore.exec(before);
  const typed = name?.[1] ?? '';
  if (!name || (typed === '' && !isAsked)) return at('', []);
  return at(typed, namesOf(typed, offers));
}

function namesOf(typed: string, offers: (field: string) => boolean): Completion[] {
  return fields
    .filter(({ name }) => name.startsWith(typed.toLowerCase()) && offers(name))
    .map((field) => ({ text: asWritten(field), help: field.help, example: field.example }));
}

function asWritten({ name, part }: Field): string {
  return part === 'required' ? `${name}(` : `${name}:`;
}

function partsOf(name: string, typed: string): Completion[] {
  const field = fieldNamed(name);
  if (!field || field.part === 'none') return [];
  const isAnswer = isOfAnswer(field.name);
  return querySides
    .filter((side) => side.startsWith(typed.toLowerCase()) && (!isAnswer || side === 'chosen' || side === 'rejected'))
    .map((side) => ({ text: `${side})`, help: field.help, example: field.example }));
}

function valuesOf(name: string, typed: string, known: (field: string) => readonly string[]): Completion[] {
  const field = fieldNamed(name);
  if (!field || field.type === 'number') return [];
  const values = field.values ?? [...known(field.name), 'none'];
  return values
    .filter((value) => value.toLowerCase().startsWith(typed.toLowerCase()))
    .map((value) => ({ text: writtenValue(value), help: '', example: '' }));
}

/** A value as a completion writes it. */
export function writtenValue(value: string): string {
  return /[\s()|"]/.test(value) ? JSON.stringify(value) : value;
}

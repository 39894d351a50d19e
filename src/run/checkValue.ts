import { columnsProblem, ownColumnsHint } from '../pairs/own/ownColumns';
import { nearest } from '../base/pure/nearest';
import type { Key, KeyType, NumberBounds } from './keys/key';
import { refusedValues } from './refusedKeys';

/** A valid value in its final form, or what is wrong with it: a text that follows the name of the key. */
export type Checked = { readonly value: unknown } | { readonly problem: string };

/** Characters of a wrong value that a message shows. */
const longestShown = 200;

/** Checks a value against its key's type and bounds. A single item of a list kind becomes a list. */
export function checkValue(key: Key, value: unknown): Checked {
  if (value === null) return key.nullable ? { value } : { problem: `must be ${describe(key.type)}, not null` };
  switch (key.type.kind) {
    case 'text':
    case 'path':
      return typeof value === 'string' && value.trim() !== '' ? { value } : wrong(key, value);
    case 'boolean':
      return typeof value === 'boolean' ? { value } : wrong(key, value);
    case 'number':
      return checkNumber(key.type, value) ? { value } : wrong(key, value);
    case 'choice':
      return checkChoice(key, key.type.of, value) ?? { value };
    case 'choices':
      return checkChoices(key, key.type.of, value);
    case 'numbers':
      return checkNumbers(key.type, list(value)) ? { value: list(value) } : wrong(key, value);
    case 'modules':
      return checkModules(key, key.type.words, value);
    case 'patterns':
      return checkPatterns(key, key.type.each, value);
    case 'columns':
      return checkColumns(value);
  }
}

/** The values of a type for messages, as in "a number above 0". */
export function describe(type: KeyType): string {
  switch (type.kind) {
    case 'text':
      return 'a string';
    case 'path':
      return 'a path';
    case 'boolean':
      return 'true or false';
    case 'number':
      return describeNumber(type);
    case 'choice':
      return type.of.length === 1 ? `"${type.of.join('')}"` : `one of ${type.of.join(', ')}`;
    case 'choices':
      return `one or a list of ${type.of.join(', ')}`;
    case 'numbers':
      return type.each ? `a list, each item ${describeNumber(type.each)}` : 'a list of numbers';
    case 'modules':
      return `a list of module names, a regular expression, or ${type.words.map((word) => `"${word}"`).join(' or ')}`;
    case 'patterns':
      return `an object that gives each pattern ${describeNumber(type.each)}`;
    case 'columns':
      return ownColumnsHint;
  }
}

function checkNumbers(
  { each: bounds = { kind: 'number' } }: KeyType & { kind: 'numbers' },
  values: readonly unknown[],
): boolean {
  return values.length > 0 && values.every((item) => checkNumber(bounds, item));
}

function checkNumber(type: NumberBounds, value: unknown): value is number {
  if (typeof value !== 'number' || !Number.isFinite(value)) return false;
  if (type.integer && !Number.isInteger(value)) return false;
  const { above = -Infinity, min = -Infinity, below = Infinity, max = Infinity } = type;
  return value > above && value >= min && value < below && value <= max;
}

function describeNumber({ integer, above, min, below, max }: NumberBounds): string {
  const bounds = [
    ...(above === undefined ? [] : [`above ${above}`]),
    ...(min === undefined ? [] : [`at least ${min}`]),
    ...(below === undefined ? [] : [`below ${below}`]),
    ...(max === undefined ? [] : [`at most ${max}`]),
  ];
  return [integer ? 'a whole number' : 'a number', bounds.join(' and ')].join(' ').trimEnd();
}

function checkChoice(key: Key, allowed: readonly string[], value: unknown): { problem: string } | null {
  if (typeof value !== 'string') return wrong(key, value);
  if (allowed.includes(value)) return null;
  if (refusedValues[key.name]?.includes(value)) {
    return { problem: `must be ${describe(key.type)}; "${value}" is not implemented in Margin yet` };
  }
  const near = nearest(value, allowed);
  return {
    problem: `must be ${describe(key.type)}, not "${value}"${near === null ? '' : `; did you mean "${near}"?`}`,
  };
}

function checkChoices(key: Key, allowed: readonly string[], value: unknown): Checked {
  const items = list(value);
  if (items.length === 0) return { problem: `must be ${describe(key.type)}, not an empty list` };
  for (const item of items) {
    const bad = checkChoice(key, allowed, item);
    if (bad) return bad;
  }
  return { value: items };
}

function checkModules(key: Key, words: readonly string[], value: unknown): Checked {
  const items = list(value);
  const [first] = items;
  if (items.length === 1 && typeof first === 'string' && words.includes(first)) return { value: first };
  if (items.length === 0 || !items.every((item) => typeof item === 'string' && item !== '')) return wrong(key, value);
  const odd = items.find((item) => typeof item === 'string' && !/^[\w.]+$/.test(item));
  if (odd === undefined) return { value: items };
  // PEFT accepts a pattern as a string, but not in a list.
  if (Array.isArray(value))
    return { problem: `takes only module names in a list; give the pattern "${String(odd)}" as a string` };
  return isPattern(String(odd))
    ? { value: odd }
    : { problem: `must be ${describe(key.type)}; "${String(odd)}" is not a valid regular expression` };
}

function checkPatterns(key: Key, bounds: NumberBounds, value: unknown): Checked {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return wrong(key, value);
  const odd = Object.keys(value).find((pattern) => !isPattern(pattern));
  if (odd !== undefined)
    return { problem: `must be ${describe(key.type)}; "${odd}" is not a valid regular expression` };
  return Object.values(value).every((item) => checkNumber(bounds, item)) ? { value } : wrong(key, value);
}

function checkColumns(value: unknown): Checked {
  const problem = columnsProblem(value);
  return problem === null ? { value } : { problem };
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    // Only a SyntaxError can occur here.
    return false;
  }
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

function wrong(key: Key, value: unknown): { problem: string } {
  const given = JSON.stringify(value) ?? String(value);
  const shown = given.length > longestShown ? `${given.slice(0, longestShown)}…` : given;
  return { problem: `must be ${describe(key.type)}, not ${shown}` };
}

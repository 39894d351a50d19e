import { isRecord } from '../../src/base/pure/isRecord';
import type { FormKey } from '../../src/run/formTypes';
import { strings } from './strings';

/** What a typed text means: JSON text for the file, null to leave the key out, or why it is not a value. */
export type Typed = { readonly json: string | null } | { readonly mistake: string };

type Kind = FormKey['type']['kind'];

const jsonNumber = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;
const moduleName = /^[\w.]+$/;

/** A JSON text of the file as a field shows it. A value of another type than the key's stays JSON. */
export function shownText(kind: Kind, json: string): string {
  const value: unknown = JSON.parse(json);
  if (kind === 'number') return json;
  if (value === null && (kind === 'text' || kind === 'path')) return '';
  if (kind === 'choice' || kind === 'choices') return wordsOf(json).join(', ');
  if (typeof value === 'string' && (kind === 'text' || kind === 'path' || kind === 'modules')) return value;
  if (!Array.isArray(value)) return json;
  if (kind === 'numbers' && value.every((item) => typeof item === 'number')) return value.join(', ');
  if (kind === 'modules' && value.every((item) => typeof item === 'string' && moduleName.test(item)))
    return value.join(', ');
  return json;
}

/** What a typed text means for a key. An empty text leaves the key out. */
export function typedValue({ type: { kind }, nullable }: Pick<FormKey, 'type' | 'nullable'>, typed: string): Typed {
  const text = typed.trim();
  if (text === '') return { json: null };
  if (text === 'null' && nullable && kind !== 'text' && kind !== 'path') return { json: 'null' };
  switch (kind) {
    case 'number':
      return numberText(text);
    case 'numbers':
      return numbersText(text);
    case 'modules':
      return { json: JSON.stringify(modules(text)) };
    case 'patterns':
    case 'columns':
      return objectText(text);
    default:
      return { json: JSON.stringify(text) };
  }
}

/** The choices that are ticked after one of them changed. One is written as a word, several as a list. */
export function chosenAfter(chosen: readonly string[], word: string): string | null {
  const next = chosen.includes(word) ? chosen.filter((one) => one !== word) : [...chosen, word];
  return next.length === 0 ? null : JSON.stringify(next.length === 1 ? next[0] : next);
}

/** The words of a value that is a word or a list of words. */
export function wordsOf(json: string): readonly string[] {
  const value: unknown = JSON.parse(json);
  return (Array.isArray(value) ? value : [value]).map((item) =>
    typeof item === 'string' ? item : JSON.stringify(item),
  );
}

/** A number as it was typed, if that is JSON: `5e-7` stays `5e-7`. */
function numberText(text: string): Typed {
  if (jsonNumber.test(text)) return { json: text };
  const value = Number(text);
  return Number.isFinite(value) ? { json: JSON.stringify(value) } : { mistake: strings.notNumber(text) };
}

function numbersText(text: string): Typed {
  const parts = text.replaceAll(/^\[|\]$/g, '').split(',');
  const items = parts.map((part) =>
    part.trim() === '' ? { mistake: strings.notNumber(part) } : numberText(part.trim()),
  );
  const wrong = items.find((item) => 'mistake' in item);
  if (wrong) return wrong;
  return { json: `[${items.map((item) => ('json' in item ? item.json : '')).join(', ')}]` };
}

/** Names as a list; a regular expression, or the word `all-linear`, which is no name, as a text. */
function modules(text: string): string | readonly string[] {
  const parts = text.split(',').map((part) => part.trim());
  if (!parts.every((part) => moduleName.test(part))) return text;
  return parts;
}

function objectText(text: string): Typed {
  try {
    return isRecord(JSON.parse(text)) ? { json: text } : { mistake: strings.notObject };
  } catch {
    return { mistake: strings.notObject };
  }
}

import { isRecord } from '../../base/pure/isRecord';
import type { JsonObject } from '../json';
import type { Format } from './format';
import { implicitConversational } from './implicitConversational';
import { explicitConversational } from './explicitConversational';
import { writeLine } from '../writeLine';
import { textWithMessages } from './textWithMessages';

const sides = ['prompt', 'chosen', 'rejected'] as const;
const inner = [explicitConversational, implicitConversational, textWithMessages];

/**
 * `{"chosen": "{\\"messages\\": […]}", "rejected": "{\\"messages\\": […]}"}`: lists of messages that were written as
 * text. They are read as lists and written as text again.
 */
export const jsonText: Format = {
  id: 'json-text',
  label: 'prompt, chosen, rejected as JSON text of messages (CSV and database exports)',
  tool: 'CSV and database exports',
  link: 'https://huggingface.co/docs/trl/dataset_formats',
  keys: ['prompt', 'chosen', 'rejected', 'tools'],
  detect: (value) => opened(value) !== null,
  read: (value) => formatOf(value).read(parsed(value)),
  write: (value, pair) => closed(value, formatOf(value).write(parsed(value), pair)),
  blank: (neighbour) => closed(neighbour, formatOf(neighbour).blank(parsed(neighbour))),
};

function formatOf(value: JsonObject): Format {
  return inner.find((format) => format.detect(parsed(value))) ?? explicitConversational;
}

function parsed(value: JsonObject): JsonObject {
  return opened(value) ?? value;
}

/** The row with its texts parsed; null if they are not lists of messages. */
function opened(value: JsonObject): JsonObject | null {
  if (!beginsLikeJson(value['chosen']) || !beginsLikeJson(value['rejected'])) return null;
  const given = sides.filter((side) => side in value);
  const row = { ...value, ...Object.fromEntries(given.map((side) => [side, listOf(value[side])])) };
  return inner.some((format) => format.detect(row)) ? row : null;
}

function listOf(value: unknown): unknown {
  const parsedValue = parse(value);
  return isWrapped(parsedValue) ? parsedValue.messages : parsedValue;
}

function isWrapped(value: unknown): value is JsonObject & { readonly messages: readonly unknown[] } {
  return isRecord(value) && Array.isArray(value['messages']);
}

const bracket = /^\s*[[{]/;

function beginsLikeJson(value: unknown): value is string {
  return typeof value === 'string' && bracket.test(value);
}

function parse(value: unknown): unknown {
  if (!beginsLikeJson(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    // A text that only begins like JSON: it is the answer itself.
    return value;
  }
}

/** `row` with each list as text, in the wrapping that `value` has. */
function closed(value: JsonObject, row: JsonObject): JsonObject {
  const texts = sides
    .filter((side) => side in row)
    .map((side) => {
      const before = parse(value[side]);
      if (typeof value[side] !== 'string' || typeof before === 'string') return [side, row[side]];
      return [side, writeLine(value[side], isWrapped(before) ? { ...before, messages: row[side] } : row[side])];
    });
  return { ...row, ...Object.fromEntries(texts) };
}

import type { JsonObject } from './json';
import { type Problem, problem } from './problem';

/** The start of a list or object that contains a message, as JSON or as Python prints it. */
const messages =
  /^\s*(?:array\(\s*)?[[{](?=[^]*['"](?:role|from|author)['"]\s*:\s*['"](?:user|human|assistant|gpt|system|bot|model|tool)['"])/i;
/** The start of a list of texts, or of an object with a key that usually holds the answer. */
const texts =
  /^\s*(?:\[\s*['"]|\{(?:.*?,)?\s*['"](?:content|text|value|answer|response|output|completion|message)['"]\s*:)/s;
const listStart = /^\s*(?:array\(\s*)?[[{]/i;
const bracket = /^\s*[[{]/;
/** The keys that are checked. A `tools` list, unlike these, may be JSON as text. */
const checkedKeys = new Set(['prompt', 'chosen', 'rejected', 'completion']);

/**
 * Errors for keys whose text is a list of messages as JSON: the model would be trained on the JSON, brackets and all.
 *
 * @param value the row
 * @param keys the keys of the row that its format reads
 */
export function messagesAsText(value: JsonObject, keys: readonly string[]): Problem[] {
  return textKeys(value, keys, messages).map((key) =>
    problem(
      'error',
      'json-as-text',
      key,
      parses(String(value[key]))
        ? `"${key}" is a text that holds messages as JSON: write the list itself, without quotes around it.`
        : `"${key}" is a text that holds messages as Python prints them (single quotes, or NumPy's array), which is not JSON: write the list itself, or its text from json.dumps.`,
    ),
  );
}

/** Warnings and hints for answers that are other JSON as text. Parameters as {@link messagesAsText}. */
export function jsonAnswers(value: JsonObject, keys: readonly string[]): Problem[] {
  return textKeys(value, keys, bracket).flatMap((key) => {
    const text = String(value[key]);
    if (!/[\]}]\s*$/.test(text)) return [];
    if (texts.test(text)) {
      return [
        problem(
          'warning',
          'json-answer',
          key,
          `"${key}" is JSON as text: if the answer is a text inside it, write that text alone.`,
        ),
      ];
    }
    return parses(text)
      ? [problem('info', 'json-answer', key, `"${key}" is JSON as text, and is trained on unchanged.`)]
      : [];
  });
}

/** Whether a text is a list or an object of messages, written as JSON or as Python prints it. */
export function holdsMessages(text: string): boolean {
  return messages.test(text);
}

/** A quick first test for {@link holdsMessages}. */
export function mayHoldMessages(text: string): boolean {
  return listStart.test(text);
}

function textKeys(value: JsonObject, keys: readonly string[], pattern: RegExp): string[] {
  return keys.filter((key) => {
    const text = value[key];
    return typeof text === 'string' && pattern.test(text) && checkedKeys.has(key);
  });
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // Text that only begins and ends in brackets.
    return false;
  }
}

import type { JsonObject } from './json';
import { type Problem, problem } from './problem';

/** A list or object that holds a message, as JSON or as Python prints it. */
const messages =
  /^\s*[[{](?=[^]*['"](?:role|from|author)['"]\s*:\s*['"](?:user|human|assistant|gpt|system|bot|model|tool)['"])/i;
/** A list of texts, or an object with a text under a telling key. */
const texts =
  /^\s*(?:\[\s*['"]|\{(?:.*?,)?\s*['"](?:content|text|value|answer|response|output|completion|message)['"]\s*:)/s;
/** Keys whose texts are looked at: a `tools` list may well be JSON as text. */
const spoken = new Set(['prompt', 'chosen', 'rejected', 'completion']);

/**
 * Errors for the keys of a row that hold messages written as text: they would be trained on with all their brackets.
 */
export function messagesAsText(value: JsonObject, keys: readonly string[]): Problem[] {
  return textKeys(value, keys, messages).map((key) =>
    problem(
      'error',
      'json-as-text',
      key,
      `"${key}" is a text that holds messages as JSON: write the list itself, without quotes around it.`,
    ),
  );
}

/** What to say of answers that are other JSON as text. */
export function jsonAnswers(value: JsonObject, keys: readonly string[]): Problem[] {
  return textKeys(value, keys, /^\s*[[{]/).flatMap((key) => {
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
      ? [problem('info', 'json-answer', key, `"${key}" is JSON as text, and trained on as it stands.`)]
      : [];
  });
}

/** Whether a text is a list or an object of messages. */
export function saysMessages(text: string): boolean {
  return messages.test(text);
}

function textKeys(value: JsonObject, keys: readonly string[], pattern: RegExp): string[] {
  return keys
    .filter((key) => spoken.has(key))
    .filter((key) => {
      const text = value[key];
      return typeof text === 'string' && pattern.test(text);
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

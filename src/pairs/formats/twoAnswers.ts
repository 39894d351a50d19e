import type { JsonObject } from '../json';
import { messages, oneOf, type Part, text } from './parts';
import type { Layout } from './perRow';
import { twins } from './twins';

const questions = ['prompt', 'instruction', 'question', 'query', 'input', 'conversation', 'text'];

/** Where the question and the two answers of a row are. */
export interface Fields extends Pick<Layout, 'prompt' | 'answers'> {
  /** Of the two answers. */
  readonly names: readonly [string, string];
  /** Names of all fields that are read. */
  readonly read: readonly string[];
}

/**
 * Finds the question, and the two texts whose names differ only in a number or letter; null if they are not there.
 *
 * @param value the row
 * @param fields the object of the row that holds them, perhaps the row itself
 * @param place turns a part of `fields` into a part of the row
 */
export function twoAnswers(value: JsonObject, fields: JsonObject, place: (part: Part) => Part): Fields | null {
  const names = twins(Object.keys(fields).filter((name) => typeof fields[name] === 'string'));
  const question = questions.find((name) => (fields[name] ?? null) !== null && !names?.includes(name));
  if (!names || question === undefined) return null;
  const asked = oneOf(place(text(question, 'user')), place(messages(question, 'user')));
  if (!asked.fits(value)) return null;
  const system = ['system', 'system_prompt'].find((name) => typeof fields[name] === 'string' && fields[name] !== '');
  const [first, second] = names;
  return {
    names,
    read: [...names, question, ...(system === undefined ? [] : [system])],
    prompt: system === undefined ? [asked] : [place(text(system, 'system')), asked],
    answers: [place(text(first, 'assistant')), place(text(second, 'assistant'))],
  };
}

import type { JsonObject } from '../json';
import type { Format } from './format';

/**
 * A format whose question is in a key that rows of plain text may have too. It does not detect a row if the key is
 * empty, or repeats the text that both answers begin with.
 *
 * @param names the keys of which one holds the question
 */
export function withQuestion(format: Format, names: readonly string[]): Format {
  const named = (value: JsonObject): string | undefined =>
    names.find((name) => typeof value[name] === 'string' && value[name] !== '') ??
    names.find((name) => typeof value[name] === 'string');
  const isSpareRow = (value: JsonObject): boolean => {
    const name = named(value);
    return name !== undefined && isSpare(value, name);
  };
  return { ...format, detect: (value) => format.detect(value) && !isSpareRow(value) };
}

function isSpare(value: JsonObject, key: string): boolean {
  const question = value[key];
  const answers = [value['chosen'], value['rejected']];
  if (typeof question !== 'string' || answers.every((answer) => answer === '')) return false;
  return answers.every((answer) => typeof answer === 'string' && answer.startsWith(question.trim()));
}

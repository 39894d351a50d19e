import type { JsonObject } from '../json';
import type { Format } from './format';

/**
 * A format whose question is in a key that rows of plain text may have too. It does not detect a row if the key is
 * empty, or repeats the text that both answers begin with.
 */
export function withQuestion(format: Format, key: string): Format {
  return { ...format, detect: (value) => format.detect(value) && !isSpare(value, key) };
}

function isSpare(value: JsonObject, key: string): boolean {
  const question = value[key];
  const answers = [value['chosen'], value['rejected']];
  if (typeof question !== 'string' || answers.every((answer) => answer === '')) return false;
  return answers.every((answer) => typeof answer === 'string' && answer.startsWith(question.trim()));
}

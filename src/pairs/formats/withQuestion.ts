import type { JsonObject } from '../json';
import type { Format } from './format';

/**
 * A format whose question has a key that rows of plain texts may have too. It leaves rows to them whose key says
 * nothing, or says what both answers begin with.
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

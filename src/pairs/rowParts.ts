import { checkedRow } from './checkedRow';
import type { AnsweredRow } from './readPair';
import type { ReadParts } from './rowKeys';

/** What the format of a row read from it: the prompt and the answers. */
export function partsOf(result: AnsweredRow): ReadParts {
  const { format, keys, prompt, answers } = checkedRow(result);
  const { about = [] } = result.format;
  return { format, keys, about, prompt, answers: answers.map(({ turns }) => turns) };
}

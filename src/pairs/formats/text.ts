import { must } from '../../base/pure/must';
import type { Message } from '../pair';

/** The text of a plain side: the content of its only message. */
export function textOf(messages: readonly Message[]): string {
  return messages.map((message) => message.content).join('');
}

/**
 * How many UTF-16 units at the start both texts share, as in TRL's `extract_prompt`: the units before the first
 * different Unicode code point. It is one less if one text is the start of the other, and one less if the shared part
 * ends with a space, so that the space belongs to the answers.
 *
 * `sharedText('2+2? 4', '2+2? 5')` is 4: the prompt is "2+2?", the answers are " 4" and " 5".
 *
 * TRL differs for texts that differ at their first character while `chosen` ends with a space: Python's index −1 then
 * reads the last character. Here such texts share nothing.
 */
export function sharedText(chosen: string, rejected: string): number {
  const shorter = Math.min(chosen.length, rejected.length);
  let end = 0;
  while (end < shorter && chosen.charCodeAt(end) === rejected.charCodeAt(end)) end++;
  if (end === shorter) end = Math.max(0, end - 1);
  if (end > 0 && insideCodePoint(chosen, rejected, end)) end--;
  return end > 0 && chosen[end - 1] === ' ' ? end - 1 : end;
}

/** Whether an offset after the start of both texts lies between the two units of a code point. */
function insideCodePoint(chosen: string, rejected: string, offset: number): boolean {
  return [chosen, rejected].some((text) => must(text.codePointAt(offset - 1), 'the unit before') > 0xffff);
}

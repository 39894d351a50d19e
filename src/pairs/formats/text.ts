import type { Message } from '../pair';

/** The text of a plain side: the contents of its messages (there is one), one after the other. */
export function textOf(messages: readonly Message[]): string {
  return messages.map((message) => message.content).join('');
}

/**
 * How many UTF-16 units of text both sides share, by TRL's `extract_prompt`: up to the first differing character
 * (Unicode code point); one less where one text is the start of the other; one less where the split would fall after
 * a single space. TRL's answer for texts that differ at once while `chosen` ends in a space comes from Python's
 * index −1 and means nothing; here such texts share nothing.
 */
export function sharedText(chosen: string, rejected: string): number {
  const shorter = Math.min(chosen.length, rejected.length);
  let end = 0;
  while (end < shorter && chosen.charCodeAt(end) === rejected.charCodeAt(end)) end++;
  if (end === shorter) end = Math.max(0, end - 1);
  if (end > 0 && insideCodePoint(chosen, rejected, end)) end--;
  return end > 0 && chosen[end - 1] === ' ' ? end - 1 : end;
}

function insideCodePoint(chosen: string, rejected: string, at: number): boolean {
  return (chosen.codePointAt(at - 1) ?? 0) > 0xffff || (rejected.codePointAt(at - 1) ?? 0) > 0xffff;
}

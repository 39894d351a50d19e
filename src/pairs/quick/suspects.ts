import { byteAt, isAt, isDigit, isLetter, letter } from './bytes';

// Quick first tests at one byte of a text, for the patterns of the rules. If one says yes, the text is read and the
// rules look at it. If all say no, no rule can find anything. The tests read bytes of JSON, so a backslash may make one
// say yes although the text holds nothing.

/** The bytes other than letters that may follow the `<` or `[` of a mark of `contentProblems`. */
export const markStarts = new Set(Array.from('|</_\\', letter));
/** The first letters of the headings of `contentProblems` after `### `. */
const headingStarts = new Set(Array.from('IRHAUS', letter));

/** Whether the colon at an offset ends `USER`, `User` or `Human`, with or without a space before it. */
export function isSpeaker(bytes: Uint8Array, i: number): boolean {
  const end = byteAt(bytes, i - 1) === 0x20 ? i - 1 : i;
  return isAt(bytes, end - 4, 'USER') || isAt(bytes, end - 4, 'User') || isAt(bytes, end - 5, 'Human');
}

/** Whether three # at an offset begin a heading of a prompt template. */
export function isHeading(bytes: Uint8Array, i: number): boolean {
  return isAt(bytes, i, '### ') && headingStarts.has(byteAt(bytes, i + 4));
}

/** Whether eight digits with at most one space or hyphen after the fourth begin at an offset. */
export function isLongNumber(bytes: Uint8Array, i: number): boolean {
  for (let digit = 1; digit < 4; digit++) if (!isDigit(byteAt(bytes, i + digit))) return false;
  const after = byteAt(bytes, i + 4);
  const second = after === 0x20 || after === letter('-') ? i + 5 : i + 4;
  for (let digit = 0; digit < 4; digit++) if (!isDigit(byteAt(bytes, second + digit))) return false;
  return true;
}

/** Whether the character at an offset may be part of a variable, of an address or a number, or of a secret. */
export function isSuspectAt(bytes: Uint8Array, i: number): boolean {
  const next = byteAt(bytes, i + 1);
  switch (byteAt(bytes, i)) {
    case letter('{'):
      return next === letter('{');
    case letter('@'):
      return isLetter(next) || isDigit(next) || next === letter('-');
    case letter('+'):
      return isDigit(next);
    case letter('_'):
      return isBeforeKey(bytes, i);
    case letter('-'):
      return isAt(bytes, i, '-ant-') || isAt(bytes, i, '-----BEGIN ') || isAt(bytes, i - 5, 'glpat');
    case letter('I'):
      return isAt(bytes, i - 2, 'AKIA') || isAt(bytes, i - 2, 'ASIA') || isAt(bytes, i - 1, 'AIza');
    case letter('J'):
      return isAt(bytes, i - 7, 'T3BlbkFJ');
    default:
      return isAt(bytes, i, 'xox');
  }
}

/** Whether the low line at an offset ends one of the names that `secret` looks for: `ghp_`, `hf_`. */
function isBeforeKey(bytes: Uint8Array, i: number): boolean {
  if (isAt(bytes, i - 3, 'gh')) return true;
  return (
    isAt(bytes, i - 3, 'pat') || isAt(bytes, i - 2, 'hf') || isAt(bytes, i - 4, 'live') || isAt(bytes, i - 3, 'npm')
  );
}

import { mayHoldBracketMarks } from '../contentProblems';
import { wrongEncoding } from '../rules/characters';
import { variableIn } from '../rules/leftovers';
import { personalIn } from '../rules/personalData';
import { refusesIn } from '../rules/refusal';
import { looked } from '../rules/scripts';
import { secretIn } from '../rules/secret';
import { endsOpen, mayEndSentence } from '../truncated';
import { byteAt, isDigit, isLetter, letter } from './bytes';
import type { QuickShape } from './quickPlan';
import type { Part, RowReader } from './rowReader';
import { assistant, system, type Turn, type Turns, user } from './turns';

// Tests of whether the checks of a row certainly find nothing. If they might find something, the row is read and
// checked like any other.

/** The text of a string of JSON, from the offset of its opening quote to that of its closing one. */
export type TextOf = (from: number, to: number) => string;

/** Bytes at the start of a prompt that are compared with those of an answer. */
const comparedBytes = 8;
const backslash = letter('\\');

/** Whether a row that was read certainly has no problems. For answers that begin with the prompt, it is split first. */
export function isClean(
  bytes: Uint8Array,
  row: RowReader,
  { style, judged, shared }: QuickShape,
  textOf: TextOf,
): boolean {
  const { turns, prompt, chosen, rejected, completion } = row;
  if (!row.scoresAgree || (shared && !splitsWell(bytes, row))) return false;
  for (let i = 0; i < turns.length; i++) if (!isCleanText(bytes, turns.at(i), style, textOf)) return false;
  if ((style === 'chat' && !isAsked(turns, prompt)) || !hasOneScript(row)) return false;
  if (judged) return isAnswer(bytes, row, completion, null, style, shared);
  return (
    differ(turns, chosen, rejected) &&
    !mayRefuse(bytes, lastOf(turns, chosen), textOf) &&
    isAnswer(bytes, row, chosen, rejected, style, shared) &&
    isAnswer(bytes, row, rejected, chosen, style, shared)
  );
}

function isCleanText(bytes: Uint8Array, turn: Turn, style: 'plain' | 'chat', textOf: TextOf): boolean {
  if (turn.last === 0 || turn.hasOpenBlock || mayBeJson(bytes, turn.first)) return false;
  if (style === 'chat' && turn.mayHoldHeadings) return false;
  return !turn.isSuspect || !isReported(textOf(turn.start, turn.end));
}

/** Whether a rule may report a text. */
function isReported(text: string): boolean {
  const found = personalIn(text) ?? secretIn(text) ?? variableIn(text) ?? wrongEncoding(text);
  return found !== null || mayHoldBracketMarks(text);
}

/** Whether the letters of all answers certainly are of the script of the question, as far as that is known. */
function hasOneScript({ turns, prompt, chosen, rejected, completion }: RowReader): boolean {
  const asked = lastOf(turns, prompt);
  const isOther = asked.otherScript > 0;
  if (isOther && asked.otherScript - asked.start >= looked) return false;
  return (
    hasScript(turns, chosen, isOther) && hasScript(turns, rejected, isOther) && hasScript(turns, completion, isOther)
  );
}

function hasScript(turns: Turns, { from, count }: Part, isOther: boolean): boolean {
  for (let i = from; i < from + count; i++) {
    const { start, otherScript } = turns.at(i);
    if (otherScript > 0 !== isOther || (isOther && otherScript - start >= looked)) return false;
  }
  return true;
}

/** Whether an answer refuses. Most answers begin with a letter with which no refusal begins. */
function mayRefuse(bytes: Uint8Array, { start, first, end }: Turn, textOf: TextOf): boolean {
  let i = first;
  while (i < end && isSign(byteAt(bytes, i))) i++;
  return mayBeginRefusal(bytes, i) && refusesIn(textOf(start, end));
}

function isSign(byte: number): boolean {
  return byte < 0x80 && byte !== backslash && !isLetter(byte) && !isDigit(byte) && byte !== letter('_');
}

/** Whether the first letters of a refusal are at an offset, or something that is not ASCII. */
function mayBeginRefusal(bytes: Uint8Array, i: number): boolean {
  const [byte, next] = [byteAt(bytes, i), byteAt(bytes, i + 1)];
  if (byte >= 0x80 || byte === backslash) return true;
  switch (byte | 0x20) {
    case letter('a'):
      return (next | 0x20) === letter('s') || (next | 0x20) === letter('p');
    case letter('i'):
      return !isLetter(next);
    case letter('s'):
      return (next | 0x20) === letter('o');
    case letter('u'):
      return (next | 0x20) === letter('n');
    default:
      return false;
  }
}

/** Whether a text begins like JSON, or like an array as Python prints it. */
function mayBeJson(bytes: Uint8Array, first: number): boolean {
  const byte = byteAt(bytes, first);
  if (byte === letter('[') || byte === letter('{')) return true;
  return (byte | 0x20) === letter('a') && (byteAt(bytes, first + 1) | 0x20) === letter('r');
}

/** Whether the turns of a prompt have the usual order, and end with a question. */
function isAsked(turns: Turns, { from, count }: Part): boolean {
  const start = count > 0 && turns.at(from).role === system ? 1 : 0;
  return (count - start) % 2 === 1 && takeTurns(turns, from + start, count - start, user);
}

function takeTurns(turns: Turns, from: number, count: number, first: number): boolean {
  let role = first;
  for (let i = from; i < from + count; i++) {
    if (turns.at(i).role !== role) return false;
    role = role === user ? assistant : user;
  }
  return count > 0;
}

function differ(turns: Turns, chosen: Part, rejected: Part): boolean {
  if (chosen.count !== rejected.count) return true;
  for (let i = 0; i < chosen.count; i++)
    if (!sameText(turns.at(chosen.from + i), turns.at(rejected.from + i))) return true;
  return false;
}

function sameText(a: Turn, b: Turn): boolean {
  return a.one === b.one && a.two === b.two && a.half === b.half;
}

/** Whether an answer has the usual order of turns, does not begin with the prompt, and does not stop in the middle. */
function isAnswer(
  bytes: Uint8Array,
  { turns, prompt }: RowReader,
  answer: Part,
  other: Part | null,
  style: 'plain' | 'chat',
  shared: boolean,
): boolean {
  if (style === 'chat' && (answer.count % 2 === 0 || !takeTurns(turns, answer.from, answer.count, assistant)))
    return false;
  if (!shared && (answer.count > prompt.count || mayBegin(bytes, lastOf(turns, prompt), turns.at(answer.from))))
    return false;
  const last = lastOf(turns, answer);
  if (last.spaceAfter || (style === 'chat' && beginWithSpace(turns, answer))) return false;
  if (!endsOpen(last.last)) return true;
  return (other !== null && !mayEndSentence(lastOf(turns, other).last)) || hasOneSentence(bytes, last);
}

function beginWithSpace(turns: Turns, { from, count }: Part): boolean {
  for (let i = from; i < from + count; i++) if (turns.at(i).spaceBefore) return true;
  return false;
}

function lastOf(turns: Turns, { from, count }: Part): Turn {
  return turns.at(from + count - 1);
}

/** Whether an answer may begin with a prompt. A prompt that ends within the compared bytes is too short to count. */
function mayBegin(bytes: Uint8Array, prompt: Turn, answer: Turn): boolean {
  for (let i = 0; i < comparedBytes; i++) {
    const [a, b] = [byteAt(bytes, prompt.first + i), byteAt(bytes, answer.first + i)];
    if (a >= 0x80 || b >= 0x80 || a === backslash || b === backslash) return true;
    if (a !== b) return false;
  }
  return true;
}

/** Whether no sentence certainly ends inside the last line of a text. */
function hasOneSentence(bytes: Uint8Array, { first, end }: Turn): boolean {
  for (let i = end - 1; i >= first; i--) {
    const byte = byteAt(bytes, i);
    if (byte >= 0x80) return false;
    if (byte === letter('.') || byte === letter('!') || byte === letter('?')) {
      const next = byteAt(bytes, i + 1);
      if (next === 0x20 || next === backslash) return false;
    }
  }
  return true;
}

/**
 * Splits the answers of a row into the prompt that they share and the rest. @returns false if that is not certain: two
 * texts have the same hash but are written in different ways, or a prompt of its own repeats no shared turn
 */
function splitsWell(bytes: Uint8Array, { turns, prompt, chosen, rejected }: RowReader): boolean {
  const shorter = Math.min(chosen.count, rejected.count);
  let count = 0;
  for (; count < shorter; count++) {
    const [a, b] = [turns.at(chosen.from + count), turns.at(rejected.from + count)];
    if (a.role !== b.role || !sameText(a, b)) break;
    if (!sameBytes(bytes, a, b)) return false;
  }
  if (count === 0 || count === shorter) return false;
  if (prompt.count > 0 && !repeatsOne(bytes, turns, turns.at(prompt.from), chosen.from, count)) return false;
  prompt.from = chosen.from;
  prompt.count = count;
  for (const part of [chosen, rejected]) {
    part.from += count;
    part.count -= count;
  }
  return true;
}

function repeatsOne(bytes: Uint8Array, turns: Turns, text: Turn, from: number, count: number): boolean {
  for (let i = from; i < from + count; i++) if (sameBytes(bytes, text, turns.at(i))) return true;
  return false;
}

function sameBytes(bytes: Uint8Array, a: Turn, b: Turn): boolean {
  const length = a.end - a.start;
  if (b.end - b.start !== length) return false;
  for (let i = 0; i < length; i++) if (byteAt(bytes, a.start + i) !== byteAt(bytes, b.start + i)) return false;
  return true;
}

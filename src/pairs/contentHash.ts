import { isRecord } from '../base/pure/isRecord';
import type { AnswerList } from './answerList';
import { type Hash, Hasher } from './hasher';
import type { JudgedAnswer } from './judged';
import type { Message, Pair, PairStyle } from './pair';

/**
 * The hash of a row's content, and the hash that a contradicting row would have: the same prompt with the answers
 * exchanged, or with the opposite label.
 */
export interface RowHashes {
  readonly own: Hash;
  readonly opposite: Hash;
}

/**
 * The hashes of a pair's content. A run of white space counts as one space, and white space at the ends of a text does
 * not count, so rows that differ only in spacing are duplicates.
 */
export function pairHashes({ style, prompt, chosen, rejected, tools }: Pair): RowHashes {
  const start = startHash(style, tools, prompt);
  const a = answerHash(style, prompt, chosen);
  const b = answerHash(style, prompt, rejected);
  return { own: joined(start, a, b), opposite: joined(start, b, a) };
}

/** The hashes of a judged answer's content; white space counts as in {@link pairHashes}. */
export function judgedHashes({ style, prompt, completion, label, tools }: JudgedAnswer): RowHashes {
  const start = startHash(style, tools, prompt);
  const answer = answerHash(style, prompt, completion);
  const judged = (good: boolean): Hash => joined(start, answer, labelHash(good));
  return { own: judged(label), opposite: judged(!label) };
}

/**
 * The hashes of a list's content; the order of the answers in the row does not count. The opposite list has the same
 * answers with the order of preference reversed.
 */
export function listHashes(list: AnswerList): RowHashes {
  const { style, prompt, answers, best, tools } = list;
  const start = startHash(style, tools, prompt);
  const ranks = [...new Set(answers.flatMap(({ value }) => (value === null ? [] : [value])))].sort((a, b) => a - b);
  const fromBest = best === 'lowest' ? ranks : ranks.toReversed();
  const inOrder = (order: readonly number[]): Hash => {
    const each = answers.map(({ turns, value }) => {
      const hasher = new Hasher();
      addValues(hasher, [value === null ? null : order.indexOf(value)]);
      addTurns(hasher, turns);
      return hasher.finished;
    });
    return joined(start, ...each.sort((a, b) => a.high - b.high || a.low - b.low));
  };
  return { own: inOrder(fromBest), opposite: inOrder(fromBest.toReversed()) };
}

/** The hash of a label of a judged answer. */
export function labelHash(good: boolean): Hash {
  const hasher = new Hasher();
  addValues(hasher, ['judged', good]);
  return hasher.finished;
}

function startHash(style: PairStyle, tools: readonly unknown[] | undefined, prompt: readonly Message[]): Hash {
  const hasher = styleHasher(style, tools);
  addTurns(hasher, prompt);
  return hasher.finished;
}

/** A hasher to which the prompt is added. */
export function styleHasher(style: PairStyle, tools?: readonly unknown[]): Hasher {
  const hasher = new Hasher();
  addValues(hasher, [style, tools ?? null]);
  return hasher;
}

/**
 * In plain texts it counts whether white space separates prompt and answer, because training joins them: "Answer:" +
 * "yes" and "Answer:" + " yes" are different content.
 */
function answerHash(style: PairStyle, prompt: readonly Message[], answer: readonly Message[]): Hash {
  const hasher = new Hasher();
  addTurns(hasher, answer);
  if (style === 'plain' && (isSpace(prompt.at(-1)?.content.at(-1)) || isSpace(answer[0]?.content.at(0))))
    hasher.unit(gap);
  return hasher.finished;
}

/** Added for white space between prompt and answer. */
export const gap = 0x20;

function joined(...parts: readonly Hash[]): Hash {
  const hasher = new Hasher();
  for (const part of parts) hasher.hash(part);
  return hasher.finished;
}

function addTurns(hasher: Hasher, turns: readonly Message[]): void {
  for (const turn of turns) {
    hasher.text(turn.role).text(turn.content);
    // Most turns have no other fields.
    if (Object.keys(turn).length > 2) addFields(hasher, turn);
  }
  hasher.endList();
}

function addFields(hasher: Hasher, { role: _role, content: _content, ...rest }: Message): void {
  const more = Object.entries(rest).filter(([, value]) => value !== null);
  if (more.length > 0)
    addValues(
      hasher,
      more.sort(([a], [b]) => (a < b ? -1 : 1)),
    );
}

/** Adds any JSON value. */
function addValues(hasher: Hasher, value: unknown): void {
  if (Array.isArray(value)) for (const item of value) addValues(hasher, item);
  else if (isRecord(value))
    for (const key of Object.keys(value).sort()) {
      hasher.text(key);
      addValues(hasher, value[key]);
    }
  else hasher.text(String(value));
  hasher.endList();
}

function isSpace(unit: string | undefined): boolean {
  return unit !== undefined && unit.trim() === '';
}

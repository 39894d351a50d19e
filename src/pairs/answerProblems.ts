import { type CheckedAnswer, type CheckedRow, isEmpty } from './checkedRow';
import { sameJson } from './json';
import type { Message } from './pair';
import { type Problem, problem } from './problem';
import { looksTruncated } from './truncated';

/** Warnings for answers that are empty, or for two answers that are the same up to white space at their ends. */
export function emptyOrSame({ answers }: CheckedRow): Problem[] {
  const empty = answers.filter(({ turns }) => isEmpty(turns));
  if (empty.length > 0) {
    return empty.map(({ field, name }) =>
      problem('warning', 'empty-answer', field, `${name} is empty: write one, or delete the row.`),
    );
  }
  const [chosen, rejected, ...more] = answers;
  if (!chosen || !rejected) return [];
  if (more.length > 0) return sameInList(answers);
  if (!sameTrimmed(chosen.turns, rejected.turns)) return [];
  if (sameJson(chosen.turns, rejected.turns))
    return [same(rejected.field, 'Both answers are the same, so the pair teaches nothing')];
  return [same(rejected.field, 'The answers differ only in white space at their ends')];
}

/** A warning for each answer of a list that repeats an earlier one. */
function sameInList(answers: readonly CheckedAnswer[]): Problem[] {
  const seen = new Map<string, string>();
  return answers.flatMap(({ field, name, turns }) => {
    const text = JSON.stringify(trimmed(turns));
    const earlier = seen.get(text);
    if (earlier === undefined) seen.set(text, name);
    return earlier === undefined ? [] : [same(field, `${name} is the same as ${earlier.toLowerCase()}`)];
  });
}

/**
 * Hints for answers that seem to stop in the middle. Each is compared with the other answer; a judged answer has no
 * other, so it is compared with a complete sentence.
 */
export function truncatedAnswers({ answers }: CheckedRow): Problem[] {
  // An answer without turns is empty, which is a problem of its own.
  const last = ({ turns }: CheckedAnswer): string => turns.at(-1)?.content ?? '';
  const cut = answers.filter((answer) => {
    const other = answers[answers[0] === answer ? 1 : 0];
    return looksTruncated(last(answer), other ? last(other) : '.');
  });
  return cut.map(({ field, name }) =>
    problem('info', 'truncated-answer', field, `${name} seems to stop in the middle.`),
  );
}

function same(field: string, what: string): Problem {
  return problem('warning', 'identical-answers', field, `${what}: change one, or delete the row.`);
}

/** Whether turns are equal but for white space at the ends of their contents. Contents differ in most rows. */
function sameTrimmed(chosen: readonly Message[], rejected: readonly Message[]): boolean {
  const same = (turn: Message, i: number): boolean => turn.content.trim() === rejected[i]?.content.trim();
  return chosen.length === rejected.length && chosen.every(same) && sameJson(trimmed(chosen), trimmed(rejected));
}

function trimmed(turns: readonly Message[]): unknown {
  return turns.map((turn) => ({ ...turn, content: turn.content.trim() }));
}

import { type CheckedAnswer, type CheckedRow, isEmpty } from './checkedRow';
import { sameJson } from './json';
import type { Message } from './pair';
import { type Problem, problem } from './problem';
import { looksTruncated } from './truncated';

/** Answers that are empty, or the same. */
export function emptyOrSame({ answers }: CheckedRow): Problem[] {
  const empty = answers.filter(({ turns }) => isEmpty(turns));
  if (empty.length > 0) {
    return empty.map(({ field, name }) =>
      problem('warning', 'empty-answer', field, `The ${name} is empty: write one, or delete the row.`),
    );
  }
  const [chosen, rejected] = answers;
  if (!chosen || !rejected) return [];
  if (sameJson(chosen.turns, rejected.turns)) return [same('Both answers are the same, so the pair teaches nothing')];
  if (!sameJson(trimmed(chosen.turns), trimmed(rejected.turns))) return [];
  return [same('The answers differ only in white space at their ends')];
}

/** Answers that seem to stop in the middle. A lone answer is held against the end of a sentence. */
export function truncatedAnswers({ answers }: CheckedRow): Problem[] {
  const last = ({ turns }: CheckedAnswer): string => turns.at(-1)?.content ?? '';
  return answers.flatMap((answer) => {
    const other = answers.find((one) => one !== answer);
    if (!looksTruncated(last(answer), other ? last(other) : '.')) return [];
    return [problem('info', 'truncated-answer', answer.field, `The ${answer.name} seems to stop in the middle.`)];
  });
}

function same(what: string): Problem {
  return problem('warning', 'identical-answers', 'rejected', `${what}: change one, or delete the row.`);
}

function trimmed(turns: readonly Message[]): unknown {
  return turns.map((turn) => ({ ...turn, content: turn.content.trim() }));
}

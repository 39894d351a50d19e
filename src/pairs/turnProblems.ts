import { type CheckedRow, startsWithPrompt } from './checkedRow';
import { knownRoles, type Message } from './pair';
import { type Problem, problem } from './problem';

/** Warnings for roles, and an order of roles, that most chat templates refuse. Plain texts have no roles. */
export function turnProblems(row: CheckedRow): Problem[] {
  if (row.style === 'plain') return [];
  return [...roleProblems(row), ...orderProblems(row)];
}

function roleProblems({ prompt, answers }: CheckedRow): Problem[] {
  const known: readonly string[] = knownRoles;
  return [{ field: 'prompt', turns: prompt }, ...answers].flatMap(({ field, turns }) => {
    const odd = turns.find((message) => !known.includes(message.role));
    if (!odd) return [];
    const roles = knownRoles.join(', ');
    const message = `The role "${odd.role}" is not one of ${roles}: most chat templates refuse or drop it.`;
    return [problem('warning', 'unknown-role', field, message)];
  });
}

function orderProblems({ prompt: turns, answers }: CheckedRow): Problem[] {
  const prompt = orderProblem(turns, undefined);
  if (prompt) return [problem('warning', 'role-order', 'prompt', prompt)];
  const before = turns.at(-1);
  if (before?.role === 'assistant') {
    const message = 'The prompt ends with the assistant; it should end with the turn that is to be answered.';
    return [problem('warning', 'role-order', 'prompt', message)];
  }
  return answers
    .filter((answer) => answer.turns.length > 0)
    .flatMap((answer) => {
      const last = answer.turns.at(-1)?.role;
      const end = last === 'assistant' ? null : `The answer ends with "${last}"; it should end with the assistant.`;
      const message = orderProblem(answer.turns, startsWithPrompt(answer.turns, turns) ? undefined : before) ?? end;
      return message ? [problem('warning', 'role-order', answer.field, message)] : [];
    });
}

/** Why one of the turns may not follow the turn before it; `before` is the turn before the first one. */
function orderProblem(turns: readonly Message[], before: Message | undefined): string | null {
  let previous = before;
  for (const [i, turn] of turns.entries()) {
    const reason = misplaced(turn, previous);
    if (reason) return `Turn ${i + 1}: ${reason}`;
    previous = turn;
  }
  return null;
}

function misplaced(turn: Message, previous: Message | undefined): string | null {
  const after = previous?.role;
  switch (turn.role) {
    case 'system':
      return after === undefined ? null : 'a system turn may only be the first turn.';
    case 'user':
      return after === 'user' ? 'two user turns follow each other: join them.' : null;
    case 'assistant':
      return after === 'assistant' ? 'two assistant turns follow each other: join them.' : null;
    case 'tool':
      return after === 'assistant' || after === 'tool'
        ? null
        : 'a tool turn must follow the assistant turn that calls it.';
    default:
      return null;
  }
}

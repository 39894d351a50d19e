import { sharedTranscript } from './formats/transcript';
import { sameJson } from './json';
import { knownRoles, type Message, type Pair, type Side } from './pair';
import { type PairResult, readPair } from './readPair';
import { shapeProblems } from './shapeProblems';
import { looksTruncated } from './truncated';

/**
 * What is wrong with a row. `error`: it cannot be trained on; `warning`: it can, but teaches nothing or the wrong thing;
 * `info`: worth a look. `column` counts from 1, null where the whole line is meant.
 */
export interface Problem {
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly side: Side | null;
  readonly message: string;
  readonly column: number | null;
}

/** The problems of one line, most severe first. */
export function checkLine(line: string): Problem[] {
  return checkRow(readPair(line));
}

/** {@link checkLine} for a line that is read already. A blank line is no problem: nobody trains on it. */
export function checkRow(result: PairResult): Problem[] {
  switch (result.kind) {
    case 'blank':
      return [];
    case 'not-json': {
      const { reason, column } = result;
      return [{ code: 'not-json', severity: 'error', side: null, message: reason, column }];
    }
    case 'not-a-pair':
      return shapeProblems(result.value).map((problem) => ({ ...problem, severity: 'error', column: null }));
    case 'judged':
      return [];
    case 'pair':
      return checkPair(result.pair, result.format.id, result.value);
  }
}

function checkPair(pair: Pair, format: string, value: Readonly<Record<string, unknown>>): Problem[] {
  return [
    ...emptyOrSame(pair),
    ...promptProblems(pair, format, value),
    ...(pair.style === 'plain' ? [] : [...roleProblems(pair), ...orderProblems(pair)]),
    ...toolProblems(value),
    ...truncatedAnswers(pair),
  ];
}

function warning(code: string, side: Side | null, message: string): Problem {
  return { code, severity: 'warning', side, message, column: null };
}

function emptyOrSame(pair: Pair): Problem[] {
  const empty = (['chosen', 'rejected'] as const).filter((side) => isEmpty(pair[side]));
  if (empty.length > 0) return empty.map((side) => warning('empty-answer', side, `The ${side} answer is empty: write one, or delete the row.`));
  if (sameJson(pair.chosen, pair.rejected)) {
    return [warning('identical-answers', 'rejected', 'Both answers are the same, so the pair teaches nothing: change one, or delete the row.')];
  }
  const trimmed = (side: readonly Message[]): unknown => side.map((message) => ({ ...message, content: message.content.trim() }));
  if (!sameJson(trimmed(pair.chosen), trimmed(pair.rejected))) return [];
  return [warning('identical-answers', 'rejected', 'The answers differ only in white space at their ends: change one, or delete the row.')];
}

function promptProblems(pair: Pair, format: string, value: Readonly<Record<string, unknown>>): Problem[] {
  const implicit = !format.startsWith('explicit');
  if (isEmpty(pair.prompt)) {
    return implicit
      ? [warning('no-shared-prompt', 'prompt', 'chosen and rejected share no prompt at their start: make both begin with the same question.')]
      : [warning('empty-prompt', 'prompt', 'The prompt is empty: the answers are trained without a question.')];
  }
  if (pair.style !== 'transcript' || sharedTranscript(value)) return [];
  return [warning('no-shared-prompt', 'prompt', 'The transcripts differ before their last answer, so it is not one question with two answers.')];
}

function roleProblems(pair: Pair): Problem[] {
  const known: readonly string[] = knownRoles;
  return (['prompt', 'chosen', 'rejected'] as const).flatMap((side) => {
    const odd = pair[side].find((message) => !known.includes(message.role));
    if (!odd) return [];
    return [warning('unknown-role', side, `The role "${odd.role}" is not one of ${knownRoles.join(', ')}: most chat templates refuse or drop it.`)];
  });
}

function orderProblems(pair: Pair): Problem[] {
  const prompt = orderProblem(pair.prompt, undefined);
  if (prompt) return [warning('role-order', 'prompt', prompt)];
  const before = pair.prompt.at(-1);
  if (before?.role === 'assistant') {
    return [warning('role-order', 'prompt', 'The prompt ends with the assistant; it should end with the turn that is to be answered.')];
  }
  const sides = (['chosen', 'rejected'] as const).filter((side) => pair[side].length > 0);
  return sides.flatMap((side) => {
    const last = pair[side].at(-1)?.role;
    const message = orderProblem(pair[side], before) ?? (last === 'assistant' ? null : `The answer ends with "${last}"; it should end with the assistant.`);
    return message ? [warning('role-order', side, message)] : [];
  });
}

/** Why a turn may not follow the one before it; `before` is the turn before the first. */
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
      return after === undefined ? null : 'a system turn stands only at the very start.';
    case 'user':
      return after === 'user' ? 'two user turns follow each other: join them.' : null;
    case 'assistant':
      return after === 'assistant' ? 'two assistant turns follow each other: join them.' : null;
    case 'tool':
      return after === 'assistant' || after === 'tool' ? null : 'a tool turn must follow the assistant turn that calls it.';
    default:
      return null;
  }
}

function toolProblems(value: Readonly<Record<string, unknown>>): Problem[] {
  const tools = value['tools'] ?? [];
  if (Array.isArray(tools) || (typeof tools === 'string' && isJsonList(tools))) return [];
  return [warning('wrong-tools', null, '"tools" must be a list of JSON schemas, or such a list as a JSON string; it is ignored now.')];
}

function isJsonList(text: string): boolean {
  try {
    return Array.isArray(JSON.parse(text));
  } catch {
    // The caller reports it.
    return false;
  }
}

function truncatedAnswers(pair: Pair): Problem[] {
  const [chosen, rejected] = [pair.chosen.at(-1)?.content ?? '', pair.rejected.at(-1)?.content ?? ''];
  const sides = [
    ['chosen', chosen, rejected],
    ['rejected', rejected, chosen],
  ] as const;
  return sides
    .filter(([, text, other]) => looksTruncated(text, other))
    .map(([side]) => ({ code: 'truncated-answer', severity: 'info', side, message: `The ${side} answer seems to stop in the middle.`, column: null }));
}

function isEmpty(turns: readonly Message[]): boolean {
  return turns.every((turn) => turn.content.trim() === '' && !('tool_calls' in turn));
}

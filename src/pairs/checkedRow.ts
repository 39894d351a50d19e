import type { AnswerList } from './answerList';
import { callsTools } from './formats/messages';
import { type JsonObject, sameJson } from './json';
import type { Message, PairStyle } from './pair';
import type { AnsweredRow } from './readPair';
import { keysOf } from './keysOf';

export interface CheckedAnswer {
  /** `chosen`, `rejected` or `completion`; the key of the list for an answer of a list. */
  readonly field: string;
  /** What messages call the answer, such as "The chosen answer". */
  readonly name: string;
  readonly turns: readonly Message[];
}

/**
 * The part of a row that the checks read: a prompt with the answers of a pair or of a list, or with a judged answer.
 */
export interface CheckedRow {
  readonly style: PairStyle;
  /** Id of the format. */
  readonly format: string;
  readonly keys: readonly string[];
  readonly value: JsonObject;
  readonly prompt: readonly Message[];
  readonly answers: readonly CheckedAnswer[];
}

/** The prompt and answers of a row. */
export function checkedRow(result: AnsweredRow): CheckedRow {
  const row = { format: result.format.id, keys: keysOf(result), value: result.value };
  switch (result.kind) {
    case 'judged': {
      const { style, prompt, completion } = result.answer;
      return { ...row, style, prompt, answers: [{ field: 'completion', name: 'The completion', turns: completion }] };
    }
    case 'list': {
      const { style, prompt } = result.list;
      return { ...row, style, prompt, answers: listed(result.list) };
    }
    case 'pair': {
      const { style, prompt, chosen, rejected } = result.pair;
      const answers: CheckedAnswer[] = [
        { field: 'chosen', name: 'The chosen answer', turns: chosen },
        { field: 'rejected', name: 'The rejected answer', turns: rejected },
      ];
      return { ...row, style, prompt, answers };
    }
  }
}

/** Answers without text are in no pair; `listProblems` reports them. */
function listed({ answers, key }: AnswerList): CheckedAnswer[] {
  return answers.flatMap(({ turns }, i) =>
    turns.length === 0 ? [] : [{ field: key, name: `Answer ${i + 1}`, turns }],
  );
}

/** Whether an answer repeats the whole prompt before its own turns. */
export function startsWithPrompt(turns: readonly Message[], prompt: readonly Message[]): boolean {
  return turns.length > prompt.length && sameJson(turns.slice(0, prompt.length), prompt);
}

/** Whether turns have no text except white space, and call no tool. */
export function isEmpty(turns: readonly Message[]): boolean {
  return turns.every((turn) => turn.content.trim() === '' && !callsTools(turn));
}

import { callsTools } from './formats/messages';
import { type JsonObject, sameJson } from './json';
import type { Message, PairStyle } from './pair';
import type { PairOrJudged } from './readPair';
import { keysOf } from './rowParts';

export interface CheckedAnswer {
  readonly field: 'chosen' | 'rejected' | 'completion';
  /** What messages call the answer, such as "chosen answer". */
  readonly name: string;
  readonly turns: readonly Message[];
}

/** What the checks read of a row: a prompt with the two answers of a pair, or with the only one of a judged answer. */
export interface CheckedRow {
  readonly style: PairStyle;
  /** Id of the format. */
  readonly format: string;
  readonly keys: readonly string[];
  readonly value: JsonObject;
  readonly prompt: readonly Message[];
  readonly answers: readonly CheckedAnswer[];
}

/** The prompt and answers of a row that holds a pair or a judged answer. */
export function checkedRow(result: PairOrJudged): CheckedRow {
  const row = { format: result.format.id, keys: keysOf(result), value: result.value };
  if (result.kind === 'judged') {
    const { style, prompt, completion } = result.answer;
    return { ...row, style, prompt, answers: [{ field: 'completion', name: 'completion', turns: completion }] };
  }
  const { style, prompt, chosen, rejected } = result.pair;
  const answers: CheckedAnswer[] = [
    { field: 'chosen', name: 'chosen answer', turns: chosen },
    { field: 'rejected', name: 'rejected answer', turns: rejected },
  ];
  return { ...row, style, prompt, answers };
}

/** Whether an answer repeats the whole prompt before its own turns. */
export function startsWithPrompt(turns: readonly Message[], prompt: readonly Message[]): boolean {
  return turns.length > prompt.length && sameJson(turns.slice(0, prompt.length), prompt);
}

/** Whether turns have no text except white space, and call no tool. */
export function isEmpty(turns: readonly Message[]): boolean {
  return turns.every((turn) => turn.content.trim() === '' && !callsTools(turn));
}

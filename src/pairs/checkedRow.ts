import { callsTools } from './formats/messages';
import { type JsonObject, sameJson } from './json';
import type { Message, PairStyle } from './pair';
import type { PairResult } from './readPair';

export interface CheckedAnswer {
  readonly field: 'chosen' | 'rejected' | 'completion';
  /** The answer as sentences name it. */
  readonly name: string;
  readonly turns: readonly Message[];
}

/** A pair or a judged answer as the checks see it: a prompt with its two answers, or with its only one. */
export interface CheckedRow {
  readonly style: PairStyle;
  /** Id of the format. */
  readonly format: string;
  readonly keys: readonly string[];
  readonly value: JsonObject;
  readonly prompt: readonly Message[];
  readonly answers: readonly CheckedAnswer[];
}

export function checkedRow(result: Extract<PairResult, { kind: 'pair' | 'judged' }>): CheckedRow {
  const { id: format, keys } = result.format;
  const row = { format, keys, value: result.value };
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

/** Whether a list of messages holds the whole conversation, which begins with the prompt. */
export function startsWithPrompt(turns: readonly Message[], prompt: readonly Message[]): boolean {
  return turns.length > prompt.length && sameJson(turns.slice(0, prompt.length), prompt);
}

/** Whether turns say nothing: no text but white space, and no call of a tool. */
export function isEmpty(turns: readonly Message[]): boolean {
  return turns.every((turn) => turn.content.trim() === '' && !callsTools(turn));
}

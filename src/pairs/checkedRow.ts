import type { AnswerList } from './answerList';
import { callsTools } from './formats/messages';
import { type JsonObject, sameJson } from './json';
import type { JudgedAnswer } from './judged';
import type { Message, Pair, PairStyle } from './pair';
import type { AnsweredRow } from './readPair';
import { formatKeys, toolsPath } from './formatKeys';

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
  /** The keys that the format reads. */
  readonly keys: readonly string[];
  /** The keys that lead to the tools; null if the format has no place for them. */
  readonly toolsPath: readonly string[] | null;
  /** Other keys that the tool writes, none of which a model reads. */
  readonly about: readonly string[];
  readonly value: JsonObject;
  readonly prompt: readonly Message[];
  readonly answers: readonly CheckedAnswer[];
}

/** The prompt and answers of a row. */
export function checkedRow(result: AnsweredRow): CheckedRow {
  const { format, value } = result;
  const { style, prompt } = contentOf(result);
  const { id, about = noKeys } = format;
  return {
    style,
    format: id,
    keys: formatKeys(result),
    toolsPath: toolsPath(format),
    about,
    value,
    prompt,
    answers: answersOf(result),
  };
}

const noKeys: readonly string[] = [];

function contentOf(result: AnsweredRow): Pair | JudgedAnswer | AnswerList {
  if (result.kind === 'list') return result.list;
  return result.kind === 'pair' ? result.pair : result.answer;
}

function answersOf(result: AnsweredRow): readonly CheckedAnswer[] {
  switch (result.kind) {
    case 'judged':
      return [{ field: 'completion', name: 'The completion', turns: result.answer.completion }];
    case 'list':
      return listed(result.list);
    case 'pair':
      return [
        { field: 'chosen', name: 'The chosen answer', turns: result.pair.chosen },
        { field: 'rejected', name: 'The rejected answer', turns: result.pair.rejected },
      ];
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

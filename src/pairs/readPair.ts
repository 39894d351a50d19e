import { isRecord } from '../base/pure/isRecord';
import { errorMessage } from '../base/pure/marginError';
import { at } from '../base/pure/must';
import { checkedRow } from './checkedRow';
import { tooDeep } from './depth';
import type { AnswerList } from './answerList';
import type { Format } from './formats/format';
import type { JudgedFormat } from './formats/judged';
import { jsonText } from './formats/jsonText';
import { type ListFormat, ruleOf } from './formats/listFormat';
import { formats, judgedFormats, listFormats } from './formats/table';
import type { JsonObject } from './json';
import { messagesAsText } from './jsonText';
import type { JudgedAnswer } from './judged';
import type { OwnColumns } from './own/ownColumns';
import { ownFormat, ownProblems } from './own/ownRow';
import type { Pair } from './pair';
import type { PairRule } from './pairRule';
import { placeIn } from './placeIn';
import { joined, type Problem, problem } from './problem';
import type { Reading } from './reading';
import { lostQuestions } from './rowKeys';
import { JsonSyntaxError, scanJson } from './scanJson';
import { shapeProblems } from './shapeProblems';

/**
 * What a line of a preference file holds. `value` is the parsed line, `column` counts UTF-16 units from 1, and `reason`
 * is a sentence for a person.
 */
export type PairResult =
  | { readonly kind: 'pair'; readonly pair: Pair; readonly format: Format; readonly value: JsonObject }
  | {
      readonly kind: 'judged';
      readonly answer: JudgedAnswer;
      readonly format: JudgedFormat;
      readonly value: JsonObject;
      readonly reason: string;
    }
  | {
      readonly kind: 'list';
      readonly list: AnswerList;
      readonly format: ListFormat;
      readonly value: JsonObject;
      /** The rule that makes pairs from the list. */
      readonly rule: PairRule;
      readonly reason: string;
    }
  | {
      readonly kind: 'not-a-pair';
      readonly reason: string;
      readonly value: unknown;
      readonly problems: readonly Problem[];
    }
  | { readonly kind: 'not-json'; readonly reason: string; readonly column: number }
  | { readonly kind: 'blank'; readonly reason: string };

/** A row that can be trained on as it is. */
export type PairOrJudged = Extract<PairResult, { kind: 'pair' | 'judged' }>;

/** A row with a prompt and answers: one, two or a list. */
export type AnsweredRow = Extract<PairResult, { kind: 'pair' | 'judged' | 'list' }>;

/** The reason for rejecting a judged answer where only pairs are accepted. */
const notPaired = 'The row is one judged answer (prompt, completion, label), not a pair: train it with trainer "kto".';
/** The reason for rejecting a list where one pair or answer is asked for. */
const notOnePair = 'The row is a list of answers. A pair rule makes pairs from it; train on them with trainer "dpo".';
const loneSurrogate = /\p{Surrogate}/u;

/**
 * Reads one line, without its line end. Never throws: what is wrong with the line is part of the result.
 *
 * `readPair('{"prompt": "Hi", "chosen": "Hello!", "rejected": "No."}', detectAll)` has the kind `pair`, the style
 * `plain` and the prompt `[{ role: 'user', content: 'Hi' }]`.
 */
export function readPair(line: string, reading: Reading): PairResult {
  if (line.trim() === '') return { kind: 'blank', reason: 'The line is blank.' };
  if (!line.isWellFormed()) return notUtf8(line);
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return notJson(line, error);
  }
  return pairOf(value, reading);
}

/**
 * Reads a parsed row. Some rows fit a format but would be read wrongly: their question is in a key that the format does
 * not read, or their answers are lists of messages written as text. They have the kind `not-a-pair`.
 */
export function pairOf(value: unknown, reading: Reading): Exclude<PairResult, { kind: 'not-json' | 'blank' }> {
  const deep = tooDeep(value);
  if (deep) return notAPair(value, [deep]);
  if (reading.columns && isRecord(value)) return own(value, reading.columns);
  const result = isRecord(value) ? read(value, reading) : null;
  if (result === null) return notAPair(value, refused(value, reading));
  if (!('kind' in result)) return notAPair(value, [result]);
  const wrong = joined(
    deepTools(toolsOf(result)),
    result.format === jsonText ? [] : messagesAsText(result.value, result.format.keys),
    lostQuestions(checkedRow(result)),
  );
  return wrong.length > 0 ? notAPair(value, wrong) : result;
}

/** Reads a row with the columns that a person named. */
function own(value: JsonObject, columns: OwnColumns): Exclude<PairResult, { kind: 'not-json' | 'blank' }> {
  const problems = ownProblems(columns, value);
  if (problems.length > 0) return notAPair(value, problems);
  const { kind, format } = ownFormat(columns);
  const result: PairOrJudged =
    kind === 'pair'
      ? { kind, pair: format.read(value), format, value }
      : { kind, answer: format.read(value), format, value, reason: notPaired };
  const wrong = deepTools(toolsOf(result));
  return wrong.length > 0 ? notAPair(value, wrong) : result;
}

/** What a row holds, or why its format refuses it; null if no format detects it. */
function read(value: JsonObject, reading: Reading): AnsweredRow | Problem | null {
  const fits = fitsIn(value, reading);
  const judged = judgedFormats.find(fits);
  if (judged) {
    const answer = (): JudgedAnswer => withOwnWeight(judged.read(value), value);
    return judged.refuse?.(value) ?? { kind: 'judged', answer: answer(), format: judged, value, reason: notPaired };
  }
  const format = formats.find(fits);
  if (!format) return readList(value, reading);
  const pair = (): Pair => withOwnWeight(format.read(value), value);
  return format.refuse?.(value) ?? { kind: 'pair', pair: pair(), format, value };
}

/**
 * The `weight` of a row takes precedence over one that its format computes. `checkRow` reports one that is not a
 * number.
 */
function withOwnWeight<Content extends Pair | JudgedAnswer | AnswerList>(
  content: Content,
  { weight }: JsonObject,
): Content {
  return typeof weight === 'number' ? { ...content, weight } : content;
}

function readList(value: JsonObject, reading: Reading): AnsweredRow | Problem | null {
  const format = listFormats.find(fitsIn(value, reading));
  if (!format) return null;
  const list = (): AnswerList => withOwnWeight(format.read(value), value);
  return (
    format.refuse(value) ?? {
      kind: 'list',
      list: list(),
      format,
      value,
      rule: reading.rule ?? ruleOf(format),
      reason: notOnePair,
    }
  );
}

function fitsIn(value: JsonObject, { format }: Reading): (candidate: Format | JudgedFormat | ListFormat) => boolean {
  return (candidate) => (format === null || candidate.id === format) && candidate.detect(value);
}

/** Why no format reads the row. */
function refused(value: unknown, { format }: Reading): Problem[] {
  if (format === null) return shapeProblems(value);
  const chosen = [...judgedFormats, ...formats, ...listFormats].find(({ id }) => id === format);
  const label = chosen ? chosen.label : `"${format}", which this version of Margin does not know`;
  const message = `The row is not in the format that was chosen for this file, ${label}: choose another format, or let each row's format be detected.`;
  return [problem('error', 'other-format', null, message)];
}

function toolsOf(result: AnsweredRow): readonly unknown[] | undefined {
  if (result.kind === 'list') return result.list.tools;
  return result.kind === 'pair' ? result.pair.tools : result.answer.tools;
}

/** Tools may be JSON as text; the depth of the row does not show how deep that is nested. */
function deepTools(tools: readonly unknown[] | undefined): Problem[] {
  const deep = tooDeep(tools);
  return deep ? [{ ...deep, field: 'tools' }] : [];
}

function notAPair(value: unknown, problems: readonly Problem[]): Extract<PairResult, { kind: 'not-a-pair' }> {
  return { kind: 'not-a-pair', reason: at(problems, 0).message, value, problems };
}

function notUtf8(line: string): PairResult {
  const reason = 'Not valid UTF-8 from here: save the file as UTF-8.';
  return { kind: 'not-json', reason, column: line.search(loneSurrogate) + 1 };
}

function placeName(text: string, column: number): string {
  if (!text.includes('\n')) return `column ${column}`;
  const place = placeIn(text, column);
  return `line ${place.line}, column ${place.column} of the row`;
}

/** `JSON.parse` reports no position in short texts, so a second scan finds it. */
function notJson(line: string, error: unknown): PairResult {
  try {
    scanJson(line);
  } catch (failure) {
    if (failure instanceof JsonSyntaxError) {
      return {
        kind: 'not-json',
        reason: `Not JSON at ${placeName(line, failure.column)}: ${failure.message}.`,
        column: failure.column,
      };
    }
  }
  return { kind: 'not-json', reason: errorMessage(error), column: 1 };
}

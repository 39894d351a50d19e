import type { Format } from './formats/format';
import { type JudgedFormat, unpaired } from './formats/judged';
import { formats } from './formats/table';
import { isObject } from './json';
import type { JudgedAnswer } from './judged';
import type { Pair } from './pair';
import { JsonSyntaxError, scanJson } from './scanJson';
import { shapeProblems } from './shapeProblems';

/** What a line of a preference file holds. `column` counts from 1; `reason` is a sentence for a person. */
export type PairResult =
  | { readonly kind: 'pair'; readonly pair: Pair; readonly format: Format; readonly value: Readonly<Record<string, unknown>> }
  | { readonly kind: 'judged'; readonly answer: JudgedAnswer; readonly format: JudgedFormat; readonly value: Readonly<Record<string, unknown>>; readonly reason: string }
  | { readonly kind: 'not-a-pair'; readonly reason: string; readonly value: unknown }
  | { readonly kind: 'not-json'; readonly reason: string; readonly column: number }
  | { readonly kind: 'blank'; readonly reason: string };

/** Said where only pairs will do. */
const notPaired = 'The row is one judged answer (prompt, completion, label), not a pair: train it with trainer "kto".';
const loneSurrogate = /\p{Surrogate}/u;

/** Reads one line, without its line end. Never throws. */
export function readPair(line: string): PairResult {
  if (line.trim() === '') return { kind: 'blank', reason: 'The line is blank.' };
  const invalid = loneSurrogate.exec(line);
  if (invalid) return { kind: 'not-json', reason: 'Not valid UTF-8 from here: save the file as UTF-8.', column: invalid.index + 1 };
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return notJson(line, error);
  }
  return pairOf(value);
}

/** Reads a row that is parsed already. */
export function pairOf(value: unknown): Exclude<PairResult, { kind: 'not-json' | 'blank' }> {
  if (isObject(value) && unpaired.detect(value)) return { kind: 'judged', answer: unpaired.read(value), format: unpaired, value, reason: notPaired };
  const format = isObject(value) ? formats.find((candidate) => candidate.detect(value)) : undefined;
  if (format && isObject(value)) return { kind: 'pair', pair: format.read(value), format, value };
  return { kind: 'not-a-pair', reason: shapeProblems(value)[0]?.message ?? 'No preference pair.', value };
}

/** `JSON.parse` tells no position for short texts, so a second scan finds it. */
function notJson(line: string, error: unknown): PairResult {
  try {
    scanJson(line);
  } catch (failure) {
    if (failure instanceof JsonSyntaxError) {
      return { kind: 'not-json', reason: `Not JSON at column ${failure.column}: ${failure.message}.`, column: failure.column };
    }
  }
  return { kind: 'not-json', reason: error instanceof Error ? error.message : String(error), column: 1 };
}

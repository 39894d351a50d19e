import { fieldOfNumber, type PairNumber } from './pairNumber';
import { asNumber } from './query/asNumber';
import { takePath, writtenPath } from './query/parsePath';
import { QueryReader } from './query/queryReader';

/** A number in a column of the dataset: its keys as a filter writes them, such as `.score` or `.meta."my score"`. */
export type FileNumber = `.${string}`;

/** A number of a pair: what a run knows of it, or what its row in the dataset says. */
export type ShownNumber = PairNumber | FileNumber;

export function isFileNumber(name: ShownNumber): name is FileNumber {
  return name.startsWith('.');
}

export function fileNumberOf(keys: readonly string[]): FileNumber {
  return writtenPath(keys) as FileNumber;
}

/** The keys of a column. @throws BadQuery */
export function keysOfNumber(name: FileNumber): readonly string[] {
  return takePath(new QueryReader(name));
}

/** What a filter calls a number. */
export function fieldOfShown(name: ShownNumber): string {
  return isFileNumber(name) ? name : fieldOfNumber[name];
}

/** What a row has in a column: a number, nothing, or something that is not a number. */
export const fileValues = ['number', 'empty', 'other'] as const;
export type FileValue = (typeof fileValues)[number];

/** The number of a value, also of a text such as a cell of CSV; null for other values. */
export function finiteNumber(value: unknown): number | null {
  const number = asNumber(value);
  return number !== null && Number.isFinite(number) ? number : null;
}

/** `empty`: no such key, null, or a text without letters. `other`: a text, a list, yes or no, or 1e999. */
export function fileValueOf(value: unknown): FileValue {
  if (finiteNumber(value) !== null) return 'number';
  const isEmpty = value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
  return isEmpty ? 'empty' : 'other';
}

/** How many pairs have no number in a column of the dataset, and why. */
export interface FileCounts {
  readonly numbers: number;
  /** No such key, null, or an empty text. */
  readonly empty: number;
  /** A text, a list, or something else that is not a number. */
  readonly other: number;
  /** The dataset no longer has the pair: it was edited or deleted. */
  readonly gone: number;
}

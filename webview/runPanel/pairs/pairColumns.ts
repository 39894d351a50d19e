import { isFileNumber, type ShownNumber } from '../../../src/pairs/fileNumber';
import { type PairNumber, pairNumbers } from '../../../src/pairs/pairNumber';
import type { RewardRow } from '../../../src/protocol/runPanel';
import { counted, signed } from '../../shared/format';

/** A column of the table. `bar`: the margin as a bar. */
export type ColumnId = ShownNumber | 'prompt' | 'bar';

/** From left to right; columns of the dataset come last. */
const order: readonly ColumnId[] = [
  ...(['line', 'prompt', 'chosen', 'rejected', 'bar', 'margin', 'before', 'delta', 'rank', 'rankDelta'] as const),
  ...(['chosenLogp', 'rejectedLogp', 'chosenLogpToken', 'rejectedLogpToken', 'chosenKl', 'rejectedKl'] as const),
  ...(['lengthGap', 'suspect'] as const),
];

/** What goes first where the room is short. Line, prompt and margin always stay. */
const dispensable: readonly ColumnId[] = [
  ...(['rejectedKl', 'chosenKl', 'rejectedLogpToken', 'chosenLogpToken'] as const),
  ...(['rejectedLogp', 'chosenLogp', 'lengthGap', 'rankDelta'] as const),
  ...(['rank', 'before', 'bar', 'delta', 'rejected', 'chosen', 'suspect'] as const),
];

/** Numbers that a person can hide. */
export const optionalNumbers: readonly PairNumber[] = pairNumbers.filter(
  (name) => name !== 'line' && name !== 'margin',
);

/** Widths in CSS pixels; of the prompt the least. */
const widths: Readonly<Record<PairNumber | 'prompt' | 'bar', number>> = {
  line: 52,
  prompt: 190,
  bar: 80,
  margin: 58,
  before: 58,
  delta: 68,
  chosen: 64,
  rejected: 64,
  rank: 52,
  rankDelta: 58,
  chosenLogp: 80,
  rejectedLogp: 80,
  chosenLogpToken: 88,
  rejectedLogpToken: 92,
  chosenKl: 64,
  rejectedKl: 64,
  lengthGap: 76,
  suspect: 66,
};
/** Of a column of the dataset: its name is cut. */
const fileWidth = 84;
const [gap, padding] = [8, 28];

function widthOf(id: ColumnId): number {
  return id === 'prompt' || id === 'bar' || !isFileNumber(id) ? widths[id] : fileWidth;
}

/**
 * The columns that are known and fit.
 *
 * @param known numbers that the rows have
 * @param hidden numbers that the person does not want
 * @param sort stays as long as any
 * @param width of the table in CSS pixels
 */
export function fittingColumns(
  known: ReadonlySet<ShownNumber>,
  hidden: ReadonlySet<ShownNumber>,
  sort: ShownNumber,
  width: number,
): readonly ColumnId[] {
  const isThere = (id: ColumnId): boolean => id === 'prompt' || id === 'bar' || (known.has(id) && !hidden.has(id));
  const ofFile = [...known].filter(isFileNumber);
  const columns = [...order, ...ofFile].filter(isThere);
  const needed = (): number => columns.reduce((sum, id) => sum + widthOf(id) + gap, padding);
  // Somebody asked for the columns of the dataset, so they stay longest.
  const leaving: readonly ColumnId[] = [...dispensable, ...ofFile];
  for (const id of [...leaving.filter((one) => one !== sort), sort]) {
    if (needed() <= width) break;
    if (leaving.includes(id) && columns.includes(id)) columns.splice(columns.indexOf(id), 1);
  }
  return columns;
}

/** The known numbers that a table has no room for. */
export function crowdedOut(
  columns: readonly ColumnId[],
  known: ReadonlySet<ShownNumber>,
  hidden: ReadonlySet<ShownNumber>,
): readonly ShownNumber[] {
  return [...optionalNumbers, ...[...known].filter(isFileNumber)].filter(
    (name) => known.has(name) && !hidden.has(name) && !columns.includes(name),
  );
}

/** The columns as tracks of a grid. */
export function tracksOf(columns: readonly ColumnId[]): string {
  return columns.map((id) => (id === 'prompt' ? 'minmax(0, 1fr)' : `${widthOf(id)}px`)).join(' ');
}

/** A number of a pair as text; empty if it is not known. */
export function numberText(name: ShownNumber, value: number | null): string {
  if (value === null || Number.isNaN(value)) return '';
  if (isFileNumber(name)) return plainText(value);
  switch (name) {
    case 'line':
      return String(value);
    case 'rank':
      return counted(value);
    case 'rankDelta':
    case 'lengthGap':
      return signed(value, 0);
    case 'chosenLogp':
    case 'rejectedLogp':
      return signed(value, 1);
    case 'chosenLogpToken':
    case 'rejectedLogpToken':
      return signed(value, 3);
    case 'chosenKl':
    case 'rejectedKl':
      return value.toFixed(4);
    case 'suspect':
      return value.toFixed(2);
    case 'margin':
    case 'before':
    case 'delta':
    case 'chosen':
    case 'rejected':
      return signed(value);
  }
}

/** Most digits of a number of the dataset. */
const digits = 6;

function plainText(value: number): string {
  const size = String(Number.isInteger(value) ? Math.abs(value) : Number(Math.abs(value).toPrecision(digits)));
  return value < 0 ? `−${size}` : size;
}

/** A number of a row; null if it has none, or if nobody has asked for the column. */
export function numberIn(row: RewardRow, name: ShownNumber): number | null {
  return isFileNumber(name) ? (row.file[name] ?? null) : row[name];
}

/** Numbers whose sign says whether the model agrees with the label. */
export function isMargin(name: ShownNumber): boolean {
  return name === 'margin' || name === 'before';
}

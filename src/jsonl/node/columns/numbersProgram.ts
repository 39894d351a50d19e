import { fileValueOf, fileValues, finiteNumber } from '../../../pairs/fileNumber';
import { type PackedKeys, packedKeys } from '../../../pairs/keysOfRows';
import { valueAt } from '../../../pairs/own/keyPath';
import type { Reading } from '../../../pairs/reading';
import { readPair } from '../../../pairs/readPair';
import { identityOf } from '../rowIdentity';
import { PartBytes } from '../search/partBytes';
import { type AskedRows, textsOfAsked } from './askedRows';

/** Rows whose numbers, and the keys of whose pairs, a thread is asked for. */
export interface NumbersQuestion extends AskedRows {
  /** The keys of each column. */
  readonly paths: readonly (readonly string[])[];
  readonly withKeys: boolean;
  readonly reading: Reading;
}

/** What rows have in a column. */
export interface RowNumbers {
  /** NaN where there is no number. */
  readonly values: Float64Array<ArrayBuffer>;
  /** Indexes into {@link fileValues}. */
  readonly kinds: Uint8Array<ArrayBuffer>;
}

/** The numbers of each column; `changed` if the bytes are not those of the index. */
export type NumbersAnswer = { readonly columns: readonly RowNumbers[]; readonly keys: PackedKeys | null } | 'changed';

/** Answers questions one after the other. */
export class NumbersProgram {
  private readonly bytes = new PartBytes();

  answer({ paths, withKeys, reading, ...asked }: NumbersQuestion): NumbersAnswer {
    const texts = textsOfAsked(asked, this.bytes);
    if (texts === null) return 'changed';
    const rows = texts.map((text) => readPair(text, reading));
    const columns = paths.map((keys) =>
      numbersIn(rows.map((row) => ('value' in row ? valueAt(row.value, keys) : undefined))),
    );
    return { columns, keys: withKeys ? packedKeys(rows.map(identityOf)) : null };
  }
}

/** The buffers of an answer, which a thread hands over. */
export function buffersOf(answer: NumbersAnswer): ArrayBuffer[] {
  if (answer === 'changed') return [];
  const { columns, keys } = answer;
  const ofKeys = keys === null ? [] : [keys.counts.buffer, keys.own.buffer, keys.exchanged.buffer];
  return [...columns.flatMap(({ values, kinds }) => [values.buffer, kinds.buffer]), ...ofKeys];
}

function numbersIn(found: readonly unknown[]): RowNumbers {
  const values = new Float64Array(found.length).fill(Number.NaN);
  const kinds = new Uint8Array(found.length);
  for (const [row, value] of found.entries()) {
    const number = finiteNumber(value);
    if (number !== null) values[row] = number;
    kinds[row] = fileValues.indexOf(fileValueOf(value));
  }
  return { values, kinds };
}

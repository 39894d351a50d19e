import { pairKey } from '../jsonl/pairKey';
import { readPairs } from '../jsonl/readPairs';
import type { TokenizedPair } from '../engine/types';
import type { TextTokenizer } from '../model/tokenizer';
import { MarginError } from '../pairs/marginError';
import type { Pair } from '../pairs/pair';
import type { ScorableRow } from './scorePairs';
import { tokenizePair, type TokenizeOptions } from './tokenizePair';

export interface LoadedRow extends ScorableRow {
  readonly source: Pair;
  /** What the row trains: its pair with its weight, or a judged answer beside another row's. */
  readonly training: TokenizedPair;
}

export interface LoadOptions extends TokenizeOptions {
  /** Reads a row's `weight`, which TRL knows nothing of. */
  readonly weights?: boolean;
}

/** A file's pairs as a model sees them, and what happened to the others. */
export interface LoadedPairs {
  readonly rows: readonly LoadedRow[];
  /** Lines without a pair. */
  readonly unusable: readonly number[];
  /** Lines whose prompt alone fills `max_length`. */
  readonly tooLong: readonly number[];
  /** Sides that lost their end to `max_length`. */
  readonly truncated: number;
  /** Sides whose prompt tokenises differently with its answer. */
  readonly mismatched: number;
}

/**
 * Reads and tokenises every pair of a file.
 *
 * @throws MarginError `no-usable-pairs` | `all-too-long` | `bad-weight`, and those of reading and tokenising, with the line
 */
export async function loadPairs(file: string, tokenizer: TextTokenizer, options: LoadOptions): Promise<LoadedPairs> {
  const rows: LoadedRow[] = [];
  const unusable: number[] = [];
  const tooLong: number[] = [];
  let [truncated, mismatched] = [0, 0];
  let firstReason = '';
  for await (const { row, line, result } of readPairs(file)) {
    if (result.kind !== 'pair') {
      if (result.kind !== 'blank') unusable.push(line);
      if (result.kind !== 'blank' && firstReason === '') firstReason = `${file}:${line}: ${result.reason}`;
      continue;
    }
    const tokenized = tokenizePair(result.pair, tokenizer, options);
    truncated += tokenized.truncated;
    mismatched += tokenized.mismatched;
    const weight = options.weights ? weightOf(result.value, `${file}:${line}`) : {};
    if (tokenized.pair) rows.push({ row, line, key: pairKey(result.pair), pair: tokenized.pair, source: result.pair, training: { ...tokenized.pair, ...weight } });
    else tooLong.push(line);
  }
  if (rows.length === 0 && tooLong.length > 0) {
    throw new MarginError('all-too-long', `${file}: the prompt of every pair has max_length (${options.maxLength}) tokens or more. Raise max_length.`, { file });
  }
  if (rows.length === 0) throw new MarginError('no-usable-pairs', `${file} holds no usable pair. ${firstReason}`, { file });
  return { rows, unusable, tooLong, truncated, mismatched };
}

/** A row's own `weight`, if it has one. @throws MarginError `bad-weight` */
export function weightOf({ weight }: Readonly<Record<string, unknown>>, place: string): { readonly weight?: number } {
  if (weight === undefined || weight === null) return {};
  if (typeof weight === 'number' && Number.isFinite(weight) && weight >= 0) return { weight };
  throw new MarginError('bad-weight', `${place}: weight multiplies the row's loss, so it must be a number at least 0, not ${JSON.stringify(weight)}. Correct it, or rename the field if it means something else.`, { place });
}

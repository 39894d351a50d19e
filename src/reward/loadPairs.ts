import { pairKey } from '../jsonl/pairKey';
import { readPairs } from '../jsonl/readPairs';
import type { TextTokenizer } from '../model/tokenizer';
import { MarginError } from '../pairs/marginError';
import type { Pair } from '../pairs/pair';
import type { ScorableRow } from './scorePairs';
import { tokenizePair, type TokenizeOptions } from './tokenizePair';

export interface LoadedRow extends ScorableRow {
  readonly source: Pair;
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
 * @throws MarginError `no-usable-pairs` | `all-too-long`, and those of reading and tokenising, with the line
 */
export async function loadPairs(file: string, tokenizer: TextTokenizer, options: TokenizeOptions): Promise<LoadedPairs> {
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
    if (tokenized.pair) rows.push({ row, line, key: pairKey(result.pair), pair: tokenized.pair, source: result.pair });
    else tooLong.push(line);
  }
  if (rows.length === 0 && tooLong.length > 0) {
    throw new MarginError('all-too-long', `${file}: the prompt of every pair has max_length (${options.maxLength}) tokens or more. Raise max_length.`, { file });
  }
  if (rows.length === 0) throw new MarginError('no-usable-pairs', `${file} holds no usable pair. ${firstReason}`, { file });
  return { rows, unusable, tooLong, truncated, mismatched };
}

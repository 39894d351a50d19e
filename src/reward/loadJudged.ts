import type { TokenizedPair } from '../engine/types';
import { pairKey } from '../jsonl/pairKey';
import { readPairs } from '../jsonl/readPairs';
import type { TextTokenizer } from '../model/tokenizer';
import { pairOfJudged, readJudged, type JudgedAnswer } from '../pairs/judged';
import { MarginError } from '../pairs/marginError';
import { weightOf, type LoadedPairs, type LoadOptions } from './loadPairs';
import { tokenizeAnswers } from './tokenizePair';

export interface JudgedOptions extends LoadOptions {
  /** Rows of a micro-batch, if each row is to have the answer of the row before it in its batch, the first one the last's; else null. */
  readonly mismatchIn: number | null;
}

interface Answer {
  readonly row: number;
  readonly line: number;
  readonly source: JudgedAnswer;
  readonly prompt: readonly number[];
  /** Uncut: beside another prompt another part of it fits. */
  readonly answer: readonly number[];
  readonly weight?: number;
}

/**
 * Reads and tokenises every judged answer of a file, by the rules of {@link tokenizeAnswers}. A row is scored as a pair whose other side
 * is empty, so that its margin is its reward, negative for a bad answer.
 *
 * @throws MarginError `no-usable-pairs` | `all-too-long` | `bad-weight`, and those of reading and tokenising, with the line
 */
export async function loadJudged(file: string, tokenizer: TextTokenizer, options: JudgedOptions): Promise<LoadedPairs> {
  const { maxLength, ends = 'text', weights = false } = options;
  const limit = maxLength ?? Number.POSITIVE_INFINITY;
  const found: Answer[] = [];
  const [unusable, tooLong]: [number[], number[]] = [[], []];
  let [mismatched, firstReason] = [0, ''];
  for await (const { row, line, value, result } of readPairs(file)) {
    if (result.kind === 'blank') continue;
    const source = result.kind === 'not-json' ? result.reason : readJudged(value);
    if (typeof source === 'string') {
      unusable.push(line);
      if (firstReason === '') firstReason = `${file}:${line}: ${source}`;
      continue;
    }
    const { prompt, answers: [answer = []], mismatched: moved } = tokenizeAnswers(source, [source.completion], tokenizer, ends);
    mismatched += moved;
    if (prompt.length >= limit) tooLong.push(line);
    else found.push({ row, line, source, prompt, answer, ...(weights ? weightOf(value as Readonly<Record<string, unknown>>, `${file}:${line}`) : {}) });
  }
  if (found.length === 0) throw nothing(file, tooLong.length > 0 ? `every prompt has max_length (${maxLength}) tokens or more. Raise max_length.` : firstReason, tooLong.length > 0);
  const rows = found.map((answer, i) => loaded(answer, otherOf(found, i, options.mismatchIn), limit));
  return { rows, unusable, tooLong, truncated: found.filter(({ prompt, answer }) => prompt.length + answer.length > limit).length, mismatched };
}

function nothing(file: string, reason: string, tooLong: boolean): MarginError {
  return new MarginError(tooLong ? 'all-too-long' : 'no-usable-pairs', `${file} holds no answer to train on: ${reason}`, { file });
}

/** trl 1.16 `kto_trainer.py`, add_kl_completion_ids: answers turn by one within each batch of rows in the file's order. */
function otherOf(found: readonly Answer[], i: number, size: number | null): readonly number[] {
  if (size === null) return [];
  const start = i - (i % size);
  const last = Math.min(start + size, found.length) - 1;
  return found[i === start ? last : i - 1]?.answer ?? [];
}

function loaded({ row, line, source, prompt, answer, ...weight }: Answer, other: readonly number[], limit: number): LoadedPairs['rows'][number] {
  const cut = (ids: readonly number[]): readonly number[] => ids.slice(0, limit - prompt.length);
  const pair = pairOfJudged(source);
  const scored: TokenizedPair = { prompt, chosen: source.label ? cut(answer) : [], rejected: source.label ? [] : cut(answer) };
  return { row, line, key: pairKey(pair), pair: scored, source: pair, training: { prompt, chosen: cut(answer), rejected: cut(other), desirable: source.label, ...weight } };
}

import { packPairs, sequenceValues } from '../engine/packPairs';
import type { BatchScores, PackedBatch, ScoreSession, TokenizedPair } from '../engine/types';
import { MarginError } from '../base/pure/marginError';
import { at, must } from '../base/pure/must';
import type { PairReward, SideReward } from '../run/types';
import type { TokenTexts } from './tokenTexts';
import { indexRange, type LoadedRow, type RowSource } from './rowStore';

export interface ScoreOptions {
  readonly beta: number;
  /** Pairs in a batch. */
  readonly batchSize: number;
  /**
   * Adds the token ids and the log-prob of each token. The log-prob of an answer is then their sum in f64, so that they
   * add up however long it is; otherwise it is the session's sum in f32. False if left out.
   */
  readonly perToken?: boolean;
  /** With `perToken`, adds the text of each token. */
  readonly texts?: TokenTexts;
  readonly signal?: AbortSignal;
  /**
   * The first row to score; 0 if left out. A multiple of {@link windowOf}, so that the batches are the same as in a run
   * from 0.
   */
  readonly from?: number;
}

/** Computes or looks up the log-probs of a batch under the reference. */
export interface Reference {
  /** @param indices of the batch's rows among all rows */
  score(batch: PackedBatch, indices: readonly number[]): Promise<BatchScores>;
}

/**
 * How many rows are read and sorted by length together. So pairs of similar length share a batch, and results still
 * come in the order of the file. A killed scorer loses at most these rows.
 *
 * A larger window saves little, because only attention pads rows. Processor time for the same 128 rows (hh-rlhf,
 * max_length 512) in batches of 8 with SmolLM2-135M f32, one run with the batches in turn: 197.7 s with windows of 4
 * batches, 196.4 s with 8, 196.4 s with 16, so 0.6 % more. Sorting 256 rows together leaves 16.7 million attention
 * slots of 25.1 million, which at that rate is 0.7 %.
 */
export const windowOf = (batchSize: number): number => 4 * batchSize;

/**
 * The implicit rewards β·(log π − log π_ref) of pairs (Rafailov et al. 2023, arXiv:2305.18290), in the order of `rows`.
 * Log-probs are in nats.
 *
 * @param reference the model before training. If it is the policy itself, all rewards are 0 and each batch runs once
 * @throws MarginError `not-finite` naming the line; `missing` if a session returns too few log-probs
 */
export async function* scorePairs(
  rows: RowSource,
  policy: ScoreSession,
  reference: Reference,
  options: ScoreOptions,
): AsyncGenerator<PairReward> {
  const window = windowOf(options.batchSize);
  for (let start = options.from ?? 0; start < rows.count; start += window) {
    const group = await rows.read(indexRange(start, Math.min(start + window, rows.count)));
    const byLength = [...group.entries()].toSorted(([, a], [, b]) => size(a.pair) - size(b.pair));
    const rewards = new Map<LoadedRow, PairReward>();
    for (let first = 0; first < byLength.length; first += options.batchSize) {
      if (options.signal?.aborted) return;
      const batch = byLength.slice(first, first + options.batchSize);
      const indices = batch.map(([i]) => start + i);
      const scored = await scoreBatch(
        batch.map(([, row]) => row),
        indices,
        policy,
        reference,
        options,
      );
      batch.forEach(([, row], i) => rewards.set(row, at(scored, i)));
    }
    for (const row of group) yield must(rewards.get(row), `the reward of line ${row.line}`);
  }
}

function size({ prompt, chosen, rejected }: TokenizedPair): number {
  return prompt.length + chosen.length + rejected.length;
}

async function scoreBatch(
  rows: readonly LoadedRow[],
  indices: readonly number[],
  policy: ScoreSession,
  reference: Reference,
  options: ScoreOptions,
): Promise<PairReward[]> {
  const batch = packPairs(rows.map(({ pair }) => pair));
  const own = await policy.score(batch);
  const other = reference === policy ? own : await reference.score(batch, indices);
  const { beta } = options;
  const side = (sequence: number, prompt: readonly number[], ids: readonly number[]): SideReward => {
    const lists = options.perToken ? perToken(batch, own, other, sequence, ids) : null;
    const logp = lists ? sum(lists.logps) : at(own.sequenceLogps, sequence);
    const refLogp = lists ? sum(lists.ref_logps) : at(other.sequenceLogps, sequence);
    const base = { logp, ref_logp: refLogp, reward: beta * (logp - refLogp), tokens: ids.length };
    if (!lists) return base;
    const texts = options.texts?.of([...prompt, ...ids], prompt.length, prompt.length + ids.length);
    return { ...base, ...lists, ...(texts ? { texts } : {}) };
  };
  return rows.map(({ row, line, key, pair, training: { desirable } }, i) => {
    const chosen = side(i, pair.prompt, pair.chosen);
    const rejected = side(rows.length + i, pair.prompt, pair.rejected);
    if (!Number.isFinite(chosen.reward - rejected.reward))
      throw notFinite(line, Number.isFinite(chosen.reward) ? ['rejected', rejected] : ['chosen', chosen]);
    const label = desirable === undefined ? {} : { label: desirable };
    const factor = options.perToken ? { beta } : {};
    return { row, line, key, ...label, ...factor, chosen, rejected, margin: chosen.reward - rejected.reward };
  });
}

function notFinite(line: number, [name, { logp, ref_logp: other }]: readonly [string, SideReward]): MarginError {
  return new MarginError(
    'not-finite',
    `Line ${line}: the log-prob of the ${name} answer is ${logp} under the model and ${other} under the reference. Use an earlier checkpoint or another model.`,
    { line },
  );
}

function perToken(
  batch: PackedBatch,
  own: BatchScores,
  other: BatchScores,
  sequence: number,
  ids: readonly number[],
): Required<Pick<SideReward, 'ids' | 'logps' | 'ref_logps'>> {
  const values = (scores: BatchScores): number[] => {
    const found = sequenceValues(batch, scores.tokenLogps, sequence);
    return [...new Array<number>(ids.length - found.length).fill(0), ...found];
  };
  return { ids, logps: values(own), ref_logps: values(other) };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

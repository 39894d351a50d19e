import { packPairs, sequenceValues } from '../engine/packPairs';
import type { BatchScores, PackedBatch, ScoreSession, TokenizedPair } from '../engine/types';
import { MarginError } from '../base/pure/marginError';
import type { PairReward, SideReward } from '../run/types';
import { stretch, type LoadedRow, type Rows } from './rowStore';

export interface ScoreOptions {
  readonly beta: number;
  /** Pairs in one run of a session. */
  readonly batchSize: number;
  /** Adds ids and per-token log-probs. */
  readonly perToken?: boolean;
  readonly signal?: AbortSignal;
  /** Rows before it are passed over; a multiple of {@link windowOf}, so that batches are the same as from 0. */
  readonly from?: number;
}

/** Log-probs of the rows of a batch under the reference. */
export interface Reference {
  /** @param indices of the batch's rows */
  score(batch: PackedBatch, indices: readonly number[]): Promise<BatchScores>;
}

/**
 * Rows looked at together, so that pairs of like length share a batch while results still come in the file's order. A
 * scorer that is killed loses at most these.
 */
export const windowOf = (batchSize: number): number => 4 * batchSize;

/**
 * Implicit rewards β·(log π − log π_ref) of pairs, in the order of `rows`.
 *
 * @param reference the model before training; the policy itself where there is none, and all rewards are then 0
 * @throws MarginError `not-finite` naming the line
 */
export async function* scorePairs(
  rows: Rows,
  policy: ScoreSession,
  reference: Reference,
  options: ScoreOptions,
): AsyncGenerator<PairReward> {
  const window = windowOf(options.batchSize);
  for (let start = options.from ?? 0; start < rows.count; start += window) {
    const group = await rows.read(stretch(start, Math.min(start + window, rows.count)));
    const indices = new Map(group.map((row, i) => [row, start + i]));
    const byLength = group.toSorted((a, b) => size(a.pair) - size(b.pair));
    const results = new Map<LoadedRow, PairReward>();
    for (let at = 0; at < byLength.length; at += options.batchSize) {
      if (options.signal?.aborted) return;
      const part = byLength.slice(at, at + options.batchSize);
      const rewards = await scoreBatch(
        part,
        part.map((row) => indices.get(row) ?? Number.NaN),
        policy,
        reference,
        options,
      );
      part.forEach((row, i) => {
        const reward = rewards[i];
        if (reward) results.set(row, reward);
      });
    }
    for (const row of group) {
      const reward = results.get(row);
      if (reward) yield reward;
    }
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
  const side = (sequence: number, ids: readonly number[]): SideReward => {
    const [logp, refLogp] = [own.sequenceLogps[sequence] ?? 0, other.sequenceLogps[sequence] ?? 0];
    const base = { logp, ref_logp: refLogp, reward: options.beta * (logp - refLogp), tokens: ids.length };
    return options.perToken ? { ...base, ...perToken(batch, own.tokenLogps, other.tokenLogps, sequence, ids) } : base;
  };
  return rows.map(({ row, line, key, pair, training: { desirable } }, i) => {
    const chosen = side(i, pair.chosen);
    const rejected = side(rows.length + i, pair.rejected);
    if (!Number.isFinite(chosen.reward - rejected.reward))
      throw notFinite(line, Number.isFinite(chosen.reward) ? ['rejected', rejected] : ['chosen', chosen]);
    const verdict = desirable === undefined ? {} : { label: desirable };
    return { row, line, key, ...verdict, chosen, rejected, margin: chosen.reward - rejected.reward };
  });
}

function notFinite(line: number, [name, { logp, ref_logp: other }]: readonly [string, SideReward]): MarginError {
  return new MarginError(
    'not-finite',
    `Line ${line}: the log-prob of its ${name} answer is ${logp} under the model and ${other} under the reference. Take an earlier checkpoint, or another model.`,
    { line },
  );
}

function perToken(
  batch: PackedBatch,
  own: Float32Array,
  other: Float32Array,
  sequence: number,
  ids: readonly number[],
): Pick<SideReward, 'ids' | 'logps' | 'ref_logps'> {
  return { ids, logps: sequenceValues(batch, own, sequence), ref_logps: sequenceValues(batch, other, sequence) };
}

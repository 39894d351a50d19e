import { openLazily, openScoreSession } from '../engine/scoreSession';
import type { ScoreSession, SessionOptions, TrainSession } from '../engine/types';
import { copyAdapter, hasEffect } from '../model/lora';
import type { Adapter, Checkpoint, Parameter } from '../model/types';
import type { TrainConfig } from '../run/types';

/** How a reference that stays is opened: as a plain session, or over a cache. */
export type OpenReference = (options: SessionOptions) => Promise<ScoreSession>;

/** The model that log-probs are held against. */
export interface ReferenceModel {
  readonly session: ScoreSession;
  /** What the run starts from; null: the checkpoint itself. */
  readonly start: Adapter | null;
  /** The reference's own arrays, by the policy's names, where it moves; null: it stays at the start. */
  readonly moving: ReadonlyMap<string, Parameter> | null;
}

/**
 * The reference is what the run starts from: the checkpoint, or the given adapter on it, as in TRL; with `ref_model:
 * base` the checkpoint in any case. An adapter that changes nothing yet adds exact zeros, so its reference is the
 * checkpoint, to the bit. With `sync_ref_model` it has arrays of its own, whose log-probs hold until it moves and are
 * never cached.
 */
export async function openReferenceModel(
  { sync_ref_model: moves, ref_model: held, device }: TrainConfig,
  checkpoint: Checkpoint,
  adapter: Adapter | null,
  { parameters }: TrainSession,
  open: OpenReference,
): Promise<ReferenceModel> {
  const start = adapter && hasEffect(adapter) ? copyAdapter(adapter) : null;
  // Opened when it is first asked: the first step, whose policy is the reference, does without.
  if (!moves)
    return {
      session: openLazily(() => open({ checkpoint, adapter: held === 'start' ? start : null, device })),
      start,
      moving: null,
    };
  if (adapter) {
    const own = copyAdapter(adapter);
    return { session: await openScoreSession({ checkpoint, adapter: own, device }), start, moving: own.parameters };
  }
  const weights = new Map(
    [...parameters].map(([name, parameter]) => [name, { ...parameter, data: parameter.data.slice() }]),
  );
  return { session: await openScoreSession({ checkpoint, adapter: null, weights, device }), start, moving: weights };
}

/**
 * reference ← α·policy + (1 − α)·reference, in place: TR-DPO's soft update, Gorbatovski et al. 2024 (arXiv:2404.09656).
 * Of an adapter the factors A and B move, each by itself: their product's mean would have no such factors of the same
 * rank. TRL refuses adapters here.
 */
export function moveTowards(
  reference: ReadonlyMap<string, Parameter>,
  policy: ReadonlyMap<string, Parameter>,
  alpha: number,
): void {
  for (const [name, { data }] of reference) {
    const target = policy.get(name)?.data;
    if (target) for (let i = 0; i < data.length; i++) data[i] = alpha * (target[i] ?? 0) + (1 - alpha) * (data[i] ?? 0);
  }
}

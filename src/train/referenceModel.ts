import { at, must } from '../base/pure/must';
import { openLazily, openScoreSession } from '../engine/scoreSession';
import type { ScoreSession, SessionOptions, TrainSession } from '../engine/types';
import { copyAdapter, hasEffect } from '../model/lora';
import type { Adapter, Checkpoint, Parameter } from '../model/types';
import type { TrainConfig } from '../run/types';

/** Opens a reference that does not move: as a plain session, or one that caches its log-probs. */
export type OpenReference = (options: SessionOptions) => Promise<ScoreSession>;

/** The model that the policy's log-probs are compared with. */
export interface ReferenceModel {
  readonly session: ScoreSession;
  /** A copy of the adapter that the run starts from; null if it starts from the plain model. */
  readonly start: Adapter | null;
  /** The weights of a moving reference, by the policy's names; null if the reference does not move. */
  readonly moving: ReadonlyMap<string, Parameter> | null;
}

/**
 * Opens the reference. As in TRL it is the model that the run starts from: the checkpoint, with its adapter if there is
 * one. With `ref_model: base` it is the checkpoint without the adapter. A new adapter has no effect yet (it adds exact
 * zeros), so the checkpoint alone gives the same bits. With `sync_ref_model` the reference has weights of its own; its
 * log-probs change when it moves, so they are never cached.
 */
export async function openReferenceModel(
  { sync_ref_model: moves, ref_model: held, device }: TrainConfig,
  checkpoint: Checkpoint,
  adapter: Adapter | null,
  { parameters }: TrainSession,
  open: OpenReference,
): Promise<ReferenceModel> {
  const start = adapter && hasEffect(adapter) ? copyAdapter(adapter) : null;
  // Opens when first used: the first step of a run that starts as its reference does not need it.
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
 * TR-DPO's soft update, in place: reference ← α·policy + (1 − α)·reference (Gorbatovski et al. 2024, arXiv:2404.09656).
 * With an adapter it moves the factors A and B separately, because the mean of two products B·A has a higher rank. TRL
 * refuses adapters here.
 *
 * @param alpha `ref_model_mixup_alpha`
 */
export function moveTowards(
  reference: ReadonlyMap<string, Parameter>,
  policy: ReadonlyMap<string, Parameter>,
  alpha: number,
): void {
  for (const [name, { data }] of reference) {
    const target = must(policy.get(name), `the parameter ${name}`).data;
    for (let i = 0; i < data.length; i++) data[i] = alpha * at(target, i) + (1 - alpha) * at(data, i);
  }
}

import { openLossSession } from '../engine/pairSymbols';
import { openScoreSession } from '../engine/scoreSession';
import type { ScoreSession, SessionOptions } from '../engine/types';
import type { LoadedRow } from '../reward/loadPairs';
import { scorePairs } from '../reward/scorePairs';
import type { PairReward } from '../run/types';
import { lossOf } from './objectives/table';
import type { Trainer } from './trainer';

/** The model as it is now: live arrays, so sessions opened once follow the training. */
export function policyOptions({ checkpoint, adapter, session }: Trainer): SessionOptions {
  return adapter ? { checkpoint, adapter } : { checkpoint, adapter: null, weights: session.parameters };
}

/** The model as it was before the first step: the reference. */
export function startOptions({ checkpoint, start }: Trainer): SessionOptions {
  return { checkpoint, adapter: start };
}

export async function openPolicy(trainer: Trainer): Promise<ScoreSession> {
  return openScoreSession(policyOptions(trainer));
}

/** TRL's metrics of an evaluation, `eval_` in front, over all pairs with equal weight. */
export async function evaluate(trainer: Trainer, rows: readonly LoadedRow[], policy: ScoreSession): Promise<Record<string, number>> {
  const { beta, loss_type, loss_weights, per_device_train_batch_size: batchSize } = trainer.config;
  const rewards: PairReward[] = [];
  for await (const reward of scorePairs(rows, policy, trainer.referenceSession, { beta, batchSize })) rewards.push(reward);
  const sides = [...rewards.map(({ chosen }) => chosen), ...rewards.map(({ rejected }) => rejected)];
  const session = await openLossSession(lossOf(loss_type, loss_weights, { beta }));
  const loss = await session.loss(
    Float32Array.from(sides, ({ logp }) => logp),
    Float32Array.from(sides, ({ ref_logp }) => ref_logp),
    Float32Array.from(sides, ({ tokens }) => tokens),
  );
  await session.release();
  const mean = (of: (reward: PairReward) => number): number => rewards.reduce((sum, reward) => sum + of(reward), 0) / rewards.length;
  return {
    eval_loss: loss,
    'eval_rewards/chosen': mean(({ chosen }) => chosen.reward),
    'eval_rewards/rejected': mean(({ rejected }) => rejected.reward),
    'eval_rewards/accuracies': mean(({ chosen, rejected }) => (chosen.reward > rejected.reward ? 1 : 0)),
    'eval_rewards/margins': mean(({ margin }) => margin),
    'eval_logps/chosen': mean(({ chosen }) => chosen.logp),
    'eval_logps/rejected': mean(({ rejected }) => rejected.logp),
  };
}

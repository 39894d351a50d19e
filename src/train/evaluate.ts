import { openGenerateSession } from '../engine/generateSession';
import { openLossSession } from '../engine/pairSymbols';
import { openScoreSession } from '../engine/scoreSession';
import type { GenerateSession, ScoreSession, SessionOptions } from '../engine/types';
import type { TextTokenizer } from '../model/tokenizer';
import type { Message, Pair } from '../pairs/pair';
import type { LoadedRow } from '../reward/loadPairs';
import { scorePairs } from '../reward/scorePairs';
import type { PairReward } from '../run/types';
import { lossOf } from './objectives/table';
import type { Trainer } from './trainer';

/** Enough for a sentence or two; samples are to be read side by side. */
const sampleTokens = 48;

/** The model as it is now: live arrays, so sessions opened once follow the training. */
export function policyOptions({ checkpoint, adapter, session }: Trainer): SessionOptions {
  return adapter ? { checkpoint, adapter } : { checkpoint, adapter: null, weights: session.parameters };
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

export interface Sample {
  readonly prompt: string;
  readonly answer: string;
}

/** Greedy answers to the first prompts that differ. */
export async function drawSamples(rows: readonly LoadedRow[], count: number, tokenizer: TextTokenizer, session: GenerateSession): Promise<Sample[]> {
  const prompts = new Map(rows.map(({ source, pair }) => [lastUserTurn(source), pair.prompt]));
  const samples: Sample[] = [];
  for (const [prompt, ids] of [...prompts].slice(0, count)) {
    const drawn: number[] = [];
    const stopIds = new Set(tokenizer.eosId === null ? [] : [tokenizer.eosId]);
    for await (const id of session.generate(ids, { maxNewTokens: sampleTokens, temperature: 0, topP: 1, seed: 0, stopIds })) drawn.push(id);
    samples.push({ prompt, answer: tokenizer.decode(drawn).trim() });
  }
  return samples;
}

export const openSampler = (trainer: Trainer): Promise<GenerateSession> => openGenerateSession(policyOptions(trainer));

function lastUserTurn({ prompt }: Pair): string {
  const turn: Message | undefined = prompt.findLast(({ role }) => role === 'user') ?? prompt.at(-1);
  return turn?.content ?? '';
}

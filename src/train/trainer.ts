import { packPairs } from '../engine/packPairs';
import { seededRandom } from '../base/pure/seededRandom';
import { openScoreSession } from '../engine/scoreSession';
import { openTrainSession } from '../engine/trainSession';
import type { PackedBatch, ScoreSession, TrainSession } from '../engine/types';
import { readAdapter } from '../model/adapter';
import { createAdapter } from '../model/lora';
import type { Adapter, Checkpoint, LoraSettings } from '../model/types';
import { stepReference } from '../reward/stepReference';
import type { RowStore } from '../reward/rowStore';
import type { Reference } from '../reward/scorePairs';
import type { Metrics, TrainConfig } from '../run/types';
import { unjudged, type Standing } from './bestModel';
import { StepPlanner, totalSteps, type StepPlan } from './batches';
import { batchMetrics, meanMetrics, tokenCount } from './metrics';
import { findTrouble, isExploded, NumericTrouble, steepest } from './numericTrouble';
import { lossOf } from './objectives/table';
import { AdamW, clipGradients } from './optimizer';
import { startsAsReference } from '../run/scoring';
import { moveTowards, openReferenceModel, type OpenReference, type ReferenceModel } from './referenceModel';
import { learningRate } from './schedule';
import { batchLayout, hasReference, keepsPlainSums } from './trainers';

/** Where a run stands; with weights, moments and reference log-probs all that a resumed run needs. */
export interface TrainerPosition {
  /** Optimizer steps done. */
  readonly step: number;
  /** Tokens seen, counted as TRL does. */
  readonly tokens: number;
  /** Metrics of the steps since the last logged point, so that the next one averages the same steps after a resume. */
  readonly unlogged: readonly Metrics[];
  /** How the evaluations so far compare. */
  readonly standing: Standing;
}

/** One run's training, step by step. Knows nothing of run folders: `runTrainer` writes what this computes. */
export class Trainer {
  readonly steps: number;
  position: TrainerPosition = { step: 0, tokens: 0, unlogged: [], standing: unjudged };
  readonly optimizer: AdamW;
  /** [2, rows] log-prob sums under the reference as it is, chosen then rejected; NaN until a row is visited. */
  readonly reference: Float32Array;
  private readonly planner: StepPlanner;

  private constructor(
    readonly config: TrainConfig,
    readonly checkpoint: Checkpoint,
    /** null: every weight is trained. */
    readonly adapter: Adapter | null,
    readonly session: TrainSession,
    readonly referenceModel: ReferenceModel,
    private readonly rows: RowStore,
  ) {
    this.steps = totalSteps(config, rows.count);
    this.planner = new StepPlanner(config, rows.count, (row) => rows.tokensOf(row));
    this.reference = new Float32Array(2 * rows.count).fill(Number.NaN);
    this.optimizer = new AdamW(session.parameters, {
      beta1: config.adam_beta1,
      beta2: config.adam_beta2,
      epsilon: config.adam_epsilon,
      weightDecay: config.weight_decay,
    });
  }

  static async open(
    config: TrainConfig,
    checkpoint: Checkpoint,
    rows: RowStore,
    openReference: OpenReference = openScoreSession,
  ): Promise<Trainer> {
    const adapter = config.use_peft ? await startingAdapter(config, checkpoint) : null;
    const session = await openTrainSession({
      checkpoint,
      adapter,
      device: config.device,
      loss: lossOf(config),
      full: !config.use_peft,
      drops: !config.disable_dropout,
    });
    const reference = await openReferenceModel(config, checkpoint, adapter, session, openReference);
    return new Trainer(config, checkpoint, adapter, session, reference, rows);
  }

  get referenceSession(): ScoreSession {
    return this.referenceModel.session;
  }

  /** What rewards are held against: log-probs of the rows that steps visited are not computed again. */
  get rewardReference(): Reference {
    return keepsPlainSums(this.config) ? stepReference(this.reference, this.referenceSession) : this.referenceSession;
  }

  /**
   * One optimizer step. Returns TRL's metrics of that step.
   *
   * @throws NumericTrouble before anything of the step is applied
   */
  async step(): Promise<Record<string, number>> {
    const { config } = this;
    const step = this.position.step + 1;
    const plan = this.planner.plan(step);
    const metrics: Record<string, number>[] = [];
    let total: ReadonlyMap<string, Float32Array> = new Map();
    let { tokens } = this.position;
    for (const [part, indices] of plan.microBatches.entries()) {
      const pairs = (await this.rows.read(indices)).map(({ training }) => training);
      const batch = packPairs(pairs, batchLayout(config));
      const given = await this.referenceOf(indices, batch);
      const { gradients, ...result } = await this.session.step(batch, given, dropoutSeed(config.seed, step, part));
      const reference = this.keepOwn(indices, given, result.sequenceLogps);
      const trouble = findTrouble(batch, result, reference);
      if (trouble) throw new NumericTrouble(step, { ...trouble, pair: indices[trouble.pair] ?? 0 });
      total = accumulated(total, gradients, plan.microBatches.length);
      metrics.push(batchMetrics(batch, result, reference, config));
      for (const pair of pairs) tokens += tokenCount(pair, config);
    }
    const rate = learningRate(config, step, this.steps);
    const norm = clipGradients(total, config.max_grad_norm);
    if (isExploded(norm)) throw new NumericTrouble(step, await this.blame(plan, norm));
    this.optimizer.update(total, rate, step);
    this.syncReference(step);
    const result = {
      ...meanMetrics(metrics),
      grad_norm: norm,
      learning_rate: rate,
      num_tokens: tokens,
      epoch: plan.epoch,
    };
    this.position = { ...this.position, step, tokens, unlogged: [...this.position.unlogged, result] };
    return result;
  }

  /** The point of the curves since the last one: means over its steps, and what only the last step can tell. */
  takeLog(): Metrics {
    const { unlogged } = this.position;
    const { grad_norm = 0, learning_rate = 0, num_tokens = 0, epoch = 0 } = unlogged.at(-1) ?? {};
    this.position = { ...this.position, unlogged: [] };
    return { ...meanMetrics(unlogged), grad_norm, learning_rate, num_tokens, epoch };
  }

  get fingerprint(): string {
    return this.rows.fingerprint;
  }

  async release(): Promise<void> {
    await this.session.release();
    await this.referenceSession.release();
  }

  /** TR-DPO's move, after the steps that `sync_ref_model` names; what was scored before it holds no longer. */
  private syncReference(step: number): void {
    const { moving } = this.referenceModel;
    if (!moving || step % this.config.ref_model_sync_steps !== 0) return;
    moveTowards(moving, this.session.parameters, this.config.ref_model_mixup_alpha);
    this.reference.fill(Number.NaN);
  }

  private async blame({ microBatches }: StepPlan, norm: number): Promise<NumericTrouble['trouble']> {
    const indices = microBatches.flat();
    const pairs = (await this.rows.read(indices)).map(({ training }) => training);
    const found = await steepest(pairs, norm, async (batch, i) =>
      this.session.step(batch, await this.referenceOf([indices[i] ?? 0], batch)),
    );
    return { ...found, pair: indices[found.pair] ?? 0 };
  }

  /** [2·pairs] log-prob sums of a batch under the reference; 0 where the trainer has none. */
  async scoreReference(batch: PackedBatch): Promise<Float32Array> {
    return hasReference(this.config)
      ? (await this.referenceSession.score(batch)).sequenceLogps
      : new Float32Array(2 * batch.pairs);
  }

  /**
   * Computed in the layout of the step that first needs it. Before the first step, NaN: the policy tells its own, and
   * no session is opened for it.
   */
  private async referenceOf(indices: readonly number[], batch: PackedBatch): Promise<Float32Array> {
    const known = this.known(indices);
    return known.some(Number.isNaN) && !this.isReference
      ? this.keepOwn(indices, known, await this.scoreReference(batch))
      : known;
  }

  /**
   * Whether policy and reference are the same still; dropout makes of an adapter that changes something another one at
   * each step.
   */
  private get isReference(): boolean {
    const { config } = this;
    const drops = !config.disable_dropout && this.referenceModel.start !== null;
    return this.position.step === 0 && hasReference(config) && startsAsReference(config) && !drops;
  }

  /** [2·indices] log-prob sums under the reference; NaN where they are not known yet. */
  private known(indices: readonly number[]): Float32Array {
    const { count } = this.rows;
    return Float32Array.from(
      [...indices, ...indices.map((i) => count + i)],
      (place) => this.reference[place] ?? Number.NaN,
    );
  }

  /** Keeps log-probs of rows whose own were not known. @returns all of them */
  private keepOwn(indices: readonly number[], known: Float32Array, logps: Float32Array): Float32Array {
    const { count } = this.rows;
    const all = known.map((logp, s) => (Number.isNaN(logp) ? (logps[s] ?? Number.NaN) : logp));
    all.forEach(
      (logp, s) =>
        (this.reference[s < indices.length ? (indices[s] ?? 0) : count + (indices[s - indices.length] ?? 0)] = logp),
    );
    return all;
  }
}

async function startingAdapter(config: TrainConfig, checkpoint: Checkpoint): Promise<Adapter> {
  if (config.adapter_name_or_path !== null) return readAdapter(config.adapter_name_or_path, checkpoint);
  return createAdapter(checkpoint, loraSettings(config), seededRandom(config.seed));
}

/** A fresh adapter, as the `lora_…` keys describe it. */
export function loraSettings(config: TrainConfig): LoraSettings {
  return {
    r: config.lora_r,
    alpha: config.lora_alpha,
    rslora: config.use_rslora,
    dropout: config.lora_dropout,
    targets: config.lora_target_modules,
    rankPattern: config.rank_pattern,
    alphaPattern: config.alpha_pattern,
    layersToTransform: config.layers_to_transform,
  };
}

/**
 * A sum of the parts' gradients, each over their number, in the arrays of the newest: those of a single one are the sum
 * as they are.
 */
function accumulated(
  total: ReadonlyMap<string, Float32Array>,
  gradients: ReadonlyMap<string, Float32Array>,
  parts: number,
): ReadonlyMap<string, Float32Array> {
  if (parts === 1) return gradients;
  for (const [name, gradient] of gradients) {
    const sum = total.get(name);
    for (let i = 0; i < gradient.length; i++) gradient[i] = (sum?.[i] ?? 0) + (gradient[i] ?? 0) / parts;
  }
  return gradients;
}

/**
 * Other masks for each micro-batch of each step, and the same ones for a resumed run: a 32-bit hash (MurmurHash3's
 * constants).
 */
function dropoutSeed(seed: number, step: number, part: number): number {
  const mixed = Math.imul(seed, 0xcc9e2d51) ^ Math.imul(step, 0x85ebca6b) ^ Math.imul(part + 1, 0xc2b2ae35);
  return Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b) >>> 0;
}

import { packPairs } from '../engine/packPairs';
import { seededRandom } from '../engine/random';
import { openScoreSession } from '../engine/scoreSession';
import { openTrainSession } from '../engine/trainSession';
import type { PackedBatch, ScoreSession, TokenizedPair, TrainSession } from '../engine/types';
import { readAdapter } from '../model/adapter';
import { copyAdapter, createAdapter } from '../model/lora';
import type { Adapter, Checkpoint, LoraSettings } from '../model/types';
import type { TrainConfig } from '../run/types';
import { planStep, totalSteps } from './batches';
import { batchMetrics, meanMetrics, tokenCount } from './metrics';
import { lossOf } from './objectives/table';
import { AdamW, clipGradients } from './optimizer';
import { learningRate } from './schedule';

/** What a resumed run needs besides weights and moments. */
export interface TrainerPosition {
  readonly step: number;
  readonly tokens: number;
}

/** One run's training, step by step. Knows nothing of run folders: `runTrainer` writes what this computes. */
export class Trainer {
  readonly steps: number;
  position: TrainerPosition = { step: 0, tokens: 0 };
  readonly optimizer: AdamW;
  /** [2, pairs] log-prob sums under the starting weights, chosen then rejected; NaN until a pair is first visited. */
  readonly reference: Float32Array;

  private constructor(
    readonly config: TrainConfig,
    readonly checkpoint: Checkpoint,
    /** null: every weight is trained. */
    readonly adapter: Adapter | null,
    readonly session: TrainSession,
    readonly referenceSession: ScoreSession,
    private readonly pairs: readonly TokenizedPair[],
  ) {
    this.steps = totalSteps(config, pairs.length);
    this.reference = new Float32Array(2 * pairs.length).fill(Number.NaN);
    this.optimizer = new AdamW(session.parameters, {
      beta1: config.adam_beta1,
      beta2: config.adam_beta2,
      epsilon: config.adam_epsilon,
      weightDecay: config.weight_decay,
    });
  }

  /** The reference is what the run starts from: the checkpoint, or the given adapter on it, as in TRL. */
  static async open(config: TrainConfig, checkpoint: Checkpoint, pairs: readonly TokenizedPair[]): Promise<Trainer> {
    const adapter = config.use_peft ? await startingAdapter(config, checkpoint) : null;
    const loss = lossOf(config.loss_type, config.loss_weights, { beta: config.beta });
    const session = await openTrainSession({ checkpoint, adapter, loss, full: !config.use_peft });
    const referenceSession = await openScoreSession({ checkpoint, adapter: adapter && copyAdapter(adapter) });
    return new Trainer(config, checkpoint, adapter, session, referenceSession, pairs);
  }

  /** One optimizer step. Returns TRL's metrics of that step. */
  async step(): Promise<Record<string, number>> {
    const { config } = this;
    const step = this.position.step + 1;
    const plan = planStep(config, this.pairs.length, step);
    const metrics: Record<string, number>[] = [];
    const total = new Map<string, Float32Array>();
    let { tokens } = this.position;
    for (const indices of plan.microBatches) {
      const pairs = indices.flatMap((i) => this.pairs[i] ?? []);
      const batch = packPairs(pairs);
      const reference = await this.referenceOf(indices, batch);
      const { gradients, ...result } = await this.session.step(batch, reference);
      accumulate(total, gradients, plan.microBatches.length);
      metrics.push(batchMetrics(batch, result, reference, config.beta));
      for (const pair of pairs) tokens += tokenCount(pair);
    }
    const rate = learningRate(config, step, this.steps);
    const norm = clipGradients(total, config.max_grad_norm);
    this.optimizer.update(total, rate, step);
    this.position = { step, tokens };
    return { ...meanMetrics(metrics), grad_norm: norm, learning_rate: rate, num_tokens: tokens, epoch: plan.epoch };
  }

  async release(): Promise<void> {
    await this.session.release();
    await this.referenceSession.release();
  }

  /** Computed in the layout of the step that first needs it, so that at step 0 policy and reference cancel exactly. */
  private async referenceOf(indices: readonly number[], batch: PackedBatch): Promise<Float32Array> {
    const count = this.pairs.length;
    const places = [...indices, ...indices.map((i) => count + i)];
    if (places.some((place) => Number.isNaN(this.reference[place]))) {
      const { sequenceLogps } = await this.referenceSession.score(batch);
      places.forEach((place, s) => {
        if (Number.isNaN(this.reference[place])) this.reference[place] = sequenceLogps[s] ?? 0;
      });
    }
    return Float32Array.from(places, (place) => this.reference[place] ?? 0);
  }
}

async function startingAdapter(config: TrainConfig, checkpoint: Checkpoint): Promise<Adapter> {
  if (config.adapter_name_or_path !== null) return readAdapter(config.adapter_name_or_path, checkpoint);
  const settings: LoraSettings = {
    r: config.lora_r,
    alpha: config.lora_alpha,
    rslora: config.use_rslora,
    dropout: config.lora_dropout,
    targets: config.lora_target_modules,
  };
  return createAdapter(checkpoint, settings, seededRandom(config.seed));
}

function accumulate(total: Map<string, Float32Array>, gradients: ReadonlyMap<string, Float32Array>, parts: number): void {
  for (const [name, gradient] of gradients) {
    const sum = total.get(name) ?? new Float32Array(gradient.length);
    total.set(name, sum);
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + (gradient[i] ?? 0) / parts;
  }
}

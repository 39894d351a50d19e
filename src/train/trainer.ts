import { packPairs } from '../engine/packPairs';
import { at, must } from '../base/pure/must';
import { openScoreSession } from '../engine/scoreSession';
import type { PackedBatch, ScoreSession, TrainSession } from '../engine/types';
import type { Adapter, Checkpoint } from '../model/types';
import { stepReference } from '../reward/stepReference';
import type { RowStore } from '../reward/rowStore';
import type { Reference } from '../reward/scorePairs';
import type { Metrics, TrainConfig } from '../run/types';
import type { PairVisit } from '../run/visits';
import { nextStanding, unjudged, type Standing } from './bestModel';
import { StepPlanner, totalSteps, type StepPlan } from './batches';
import { dropoutSeed } from './dropoutSeed';
import { freeArrays } from './freeArrays';
import { batchMetrics, meanMetrics, tokenCount } from './metrics';
import { findTrouble, isExploded, NumericTrouble, steepest } from './numericTrouble';
import { AdamW, clipGradients, meanGradients, type Gradients, type Moments } from './optimizer';
import { startsAsReference } from '../run/scoring';
import { openPolicy, type Policy } from './policy';
import { moveTowards, openReferenceModel, type OpenReference, type ReferenceModel } from './referenceModel';
import { learningRate } from './schedule';
import { batchLayout, hasReference, keepsPlainSums, writesVisits } from './trainers';
import { visitsOf } from './visits';

/** The progress of a run. Only the {@link Trainer} changes it. */
export interface TrainerPosition {
  /** Optimizer steps done. */
  readonly step: number;
  /** Tokens trained on so far, counted as TRL does. */
  readonly tokens: number;
  /** Metrics of the steps since the last logged point: a resumed run averages the same steps. */
  readonly unlogged: readonly Metrics[];
  /** How the evaluations so far compare. */
  readonly standing: Standing;
}

/** What a resumed run needs besides the model's weights. The arrays are the trainer's own, not copies. */
export interface TrainerSnapshot {
  readonly position: TrainerPosition;
  /** AdamW's moments by parameter name. */
  readonly moments: ReadonlyMap<string, Moments>;
  /** [2, rows] log-prob sums under the reference, chosen then rejected; NaN for rows no step has visited. */
  readonly reference: Float32Array;
}

/** Trains a model step by step. It knows nothing of run folders: `runTrainer` writes down what it computes. */
export class Trainer {
  readonly steps: number;
  private current: TrainerPosition = { step: 0, tokens: 0, unlogged: [], standing: unjudged };
  private readonly optimizer: AdamW;
  /** See {@link TrainerSnapshot}. */
  private readonly reference: Float32Array;
  private readonly planner: StepPlanner;
  private visited: PairVisit[] = [];

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

  /**
   * @param openReference opens a reference that does not move; a plain session if left out
   * @param policy the model to train, if it is open already
   * @throws MarginError those of reading the adapter and of opening sessions
   */
  static async open(
    config: TrainConfig,
    checkpoint: Checkpoint,
    rows: RowStore,
    openReference: OpenReference = openScoreSession,
    policy?: Policy,
  ): Promise<Trainer> {
    const { adapter, session } = policy ?? (await openPolicy(config, checkpoint));
    const reference = await openReferenceModel(config, checkpoint, adapter, session, openReference);
    return new Trainer(config, checkpoint, adapter, session, reference, rows);
  }

  get position(): TrainerPosition {
    return this.current;
  }

  /** The pairs that the last step trained on, with their rewards before its update; empty unless `writesVisits`. */
  get visits(): readonly PairVisit[] {
    return this.visited;
  }

  /** The state to save; {@link restore} takes it back. */
  snapshot(): TrainerSnapshot {
    return { position: this.current, moments: this.optimizer.moments, reference: this.reference };
  }

  /** Loads a saved state and copies its arrays. They have the lengths of this trainer's {@link snapshot}. */
  restore({ position, moments, reference }: TrainerSnapshot): void {
    for (const [name, { m, v }] of this.optimizer.moments) {
      const saved = must(moments.get(name), `the saved moments of ${name}`);
      m.set(saved.m);
      v.set(saved.v);
    }
    this.reference.set(reference);
    this.current = position;
  }

  /**
   * Compares an evaluation of the current step with those before it.
   *
   * @returns whether it is the best so far
   * @throws MarginError `unknown-metric`
   */
  recordEvaluation(metrics: Metrics): boolean {
    const { step, standing } = this.current;
    const next = nextStanding(standing, this.config, step, metrics);
    this.current = { ...this.current, standing: next };
    return next.best?.step === step;
  }

  get referenceSession(): ScoreSession {
    return this.referenceModel.session;
  }

  /** The reference of rewards. Log-probs that steps have computed already are not computed again. */
  get rewardReference(): Reference {
    return keepsPlainSums(this.config) ? stepReference(this.reference, this.referenceSession) : this.referenceSession;
  }

  /** Identifies the training rows as the model sees them; see `RowStore`. */
  get fingerprint(): string {
    return this.rows.fingerprint;
  }

  /**
   * Takes one optimizer step.
   *
   * @param rate learning rate; the schedule decides if it is left out
   * @returns TRL's metrics of this step
   * @throws NumericTrouble before the step changes anything
   */
  async step(rate = learningRate(this.config, this.current.step + 1, this.steps)): Promise<Record<string, number>> {
    const step = this.current.step + 1;
    const plan = this.planner.plan(step);
    const metrics: Record<string, number>[] = [];
    this.visited = [];
    let gradients: Gradients | null = null;
    let { tokens } = this.current;
    for (const [part, indices] of plan.microBatches.entries()) {
      const done = await this.microBatch(indices, step, part);
      const before: Gradients | null = gradients;
      gradients = meanGradients(before, done.gradients, plan.microBatches.length);
      if (before) freeArrays(before.values());
      metrics.push(done.metrics);
      tokens += done.tokens;
    }
    const mean = must(gradients, `the gradients of step ${step}`);
    const update = await this.applyStep(plan, mean, rate);
    freeArrays(mean.values());
    const result = { ...meanMetrics(metrics), ...update, num_tokens: tokens, epoch: plan.epoch };
    this.current = { ...this.current, step, tokens, unlogged: [...this.current.unlogged, result] };
    return result;
  }

  /**
   * The next point of the curves: means over the steps since the last point, and what holds for the last step alone.
   */
  takeLog(): Metrics {
    const { unlogged } = this.current;
    const last = must(unlogged.at(-1), 'the metrics of a step since the last log');
    const lastOnly = Object.fromEntries(lastOnlyMetrics.map((name) => [name, must(last[name], `the metric ${name}`)]));
    this.current = { ...this.current, unlogged: [] };
    return { ...meanMetrics(unlogged), ...lastOnly };
  }

  async release(): Promise<void> {
    await this.session.release();
    await this.referenceSession.release();
  }

  /**
   * [2·pairs] log-prob sums of a batch under the reference, chosen then rejected; zeros if the trainer (CPO, ORPO) has
   * no reference.
   */
  async scoreReference(batch: PackedBatch): Promise<Float32Array> {
    return hasReference(this.config)
      ? (await this.referenceSession.score(batch)).sequenceLogps
      : new Float32Array(2 * batch.pairs);
  }

  /**
   * Forward and backward pass over some rows.
   *
   * @param part index of the micro-batch in its step
   * @throws NumericTrouble
   */
  private async microBatch(
    indices: readonly number[],
    step: number,
    part: number,
  ): Promise<{ gradients: Gradients; metrics: Record<string, number>; tokens: number }> {
    const { config } = this;
    const rows = await this.rows.read(indices);
    const pairs = rows.map(({ training }) => training);
    const batch = packPairs(pairs, batchLayout(config));
    const given = await this.referenceOf(indices, batch);
    const { gradients, ...result } = await this.session.step(batch, given, dropoutSeed(config.seed, step, part));
    const reference = this.fillUnknown(indices, given, result.sequenceLogps);
    const trouble = findTrouble(batch, result, reference);
    if (trouble) throw new NumericTrouble(step, { ...trouble, pair: at(indices, trouble.pair) });
    if (writesVisits(config)) this.visited.push(...visitsOf(step, rows, result.sequenceLogps, reference, config.beta));
    const metrics = batchMetrics(batch, result, reference, config);
    return { gradients, metrics, tokens: pairs.reduce((sum, pair) => sum + tokenCount(pair, config), 0) };
  }

  /**
   * Clips the gradients and updates the weights with them.
   *
   * @throws NumericTrouble if the gradients' norm explodes; nothing is changed then
   */
  private async applyStep(plan: StepPlan, gradients: Gradients, rate: number): Promise<Record<string, number>> {
    const [{ config }, { step }] = [this, plan];
    const norm = clipGradients(gradients, config.max_grad_norm);
    if (isExploded(norm)) throw new NumericTrouble(step, await this.steepestPair(plan, norm));
    this.optimizer.update(gradients, rate, step);
    this.syncReference(step);
    return { grad_norm: norm, learning_rate: rate };
  }

  /**
   * TR-DPO: moves the reference after each `ref_model_sync_steps` steps. Its old log-probs are then no longer valid.
   */
  private syncReference(step: number): void {
    const { moving } = this.referenceModel;
    if (!moving || step % this.config.ref_model_sync_steps !== 0) return;
    moveTowards(moving, this.session.parameters, this.config.ref_model_mixup_alpha);
    this.reference.fill(Number.NaN);
  }

  /** Which pair of a step makes the gradient explode. */
  private async steepestPair({ microBatches }: StepPlan, norm: number): Promise<NumericTrouble['trouble']> {
    const indices = microBatches.flat();
    const pairs = (await this.rows.read(indices)).map(({ training }) => training);
    const found = await steepest(pairs, norm, async (batch, i) =>
      this.session.step(batch, await this.referenceOf([at(indices, i)], batch)),
    );
    return { ...found, pair: at(indices, found.pair) };
  }

  /**
   * The reference's log-probs of some rows, [2·indices]. The step that first needs them computes them, in its own batch
   * layout. Before the first step of a run that starts as its reference they are NaN: the session then takes the
   * policy's own, and no reference is opened.
   */
  private async referenceOf(indices: readonly number[], batch: PackedBatch): Promise<Float32Array> {
    const known = Float32Array.from(this.placesOf(indices), (place) => at(this.reference, place));
    if (!known.some(Number.isNaN) || this.equalsReference) return known;
    return this.fillUnknown(indices, known, await this.scoreReference(batch));
  }

  /**
   * Whether the policy still equals the reference. With dropout, an adapter that has an effect is a different model at
   * each step.
   */
  private get equalsReference(): boolean {
    const { config } = this;
    const drops = !config.disable_dropout && this.referenceModel.start !== null;
    return this.current.step === 0 && hasReference(config) && startsAsReference(config) && !drops;
  }

  /**
   * Fills the gaps of `known` from `logps` and keeps the result for later steps.
   *
   * @param known [2·indices] log-probs; NaN where not known yet
   * @param logps [2·indices] log-probs of the same rows
   */
  private fillUnknown(indices: readonly number[], known: Float32Array, logps: Float32Array): Float32Array {
    const all = known.map((logp, s) => (Number.isNaN(logp) ? at(logps, s) : logp));
    this.placesOf(indices).forEach((place, s) => (this.reference[place] = at(all, s)));
    return all;
  }

  /** [2·indices] positions of rows in {@link reference}: first of the chosen answers, then of the rejected ones. */
  private placesOf(indices: readonly number[]): number[] {
    return [...indices, ...indices.map((i) => this.rows.count + i)];
  }
}

/** Metrics that are not averaged over steps. */
const lastOnlyMetrics = ['grad_norm', 'learning_rate', 'num_tokens', 'epoch'] as const;

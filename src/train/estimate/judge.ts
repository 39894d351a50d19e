import type { TrainConfig } from '../../run/types';
import { guardTokens, klShare } from '../evaluationSizes';
import { hasReference, keepsPlainSums } from '../trainers';
import { diskAdvice, memoryAdvice, sumBytes, trainedCopies, type Lack } from './advice';
import { batchSizes } from './batchSizes';
import { memoryLine } from './memoryLine';
import type { BatchSizes, Estimate, Measured, Phase, Plan, Seconds, Sizes } from './types';
import { checkpointBytes, rewardsBytes, workloadOf, type Workload } from './workload';

/** Free bytes: memory, without taking it from other programs, and disk space for the run folder. */
export interface Free {
  readonly memory: number;
  readonly disk: number;
}

/**
 * The least memory that a run needs, in bytes: trained values, their gradients and sums of gradients, and the
 * optimizer's two moments.
 */
const leastOwn = ({ trained }: Sizes): number => trainedCopies * trained;

/** The estimate of a run that cannot fit by its sizes alone; null if it may fit, so that only a dry run can tell. */
export function refuse(config: TrainConfig, sizes: Sizes, free: Free): Estimate | null {
  const [own, mapped] = [leastOwn(sizes), sizes.weights];
  const lack = { config, sizes, needs: own + mapped, free: free.memory };
  if (lack.needs <= free.memory) return null;
  const memory = { own, mapped, needs: lack.needs, free: free.memory, fits: false, advice: memoryAdvice(lack, null) };
  return { fits: false, basis: 'headers', plan: null, seconds: null, batches: null, memory, disk: null };
}

/** The estimate of a run from its dry run. */
export function judge(config: TrainConfig, sizes: Sizes, measured: Measured, free: Free): Estimate {
  const { ended, plan } = measured;
  const { batches, ...memory } = judgeMemory(config, sizes, measured, free.memory);
  const disk = plan ? judgeDisk(config, sizes, plan, free.disk) : null;
  const seconds = plan && ended === 'done' ? secondsOf(config, plan, measured.phases) : null;
  return {
    fits: memory.fits && disk?.fits !== false,
    basis: ended === 'done' ? 'measured' : ended,
    plan,
    seconds,
    batches,
    memory,
    disk,
  };
}

function judgeMemory(
  config: TrainConfig,
  sizes: Sizes,
  measured: Measured,
  free: number,
): Estimate['memory'] & { readonly batches: BatchSizes | null } {
  const { ended, plan, phases } = measured;
  // A phase that the dry run did not reach has no memory.
  const peak = (...names: readonly Phase[]): number => Math.max(0, ...names.map((name) => phases[name]?.own ?? 0));
  const line = memoryLine(measured);
  // Scoring a micro-batch takes less memory than a step on it, so smaller steps make it smaller too. The batch of an
  // evaluation has its own size.
  const isOwnBatch = plan !== null && plan.scored.load > plan.heavy.load;
  const elsewhere = isOwnBatch ? peak('open', 'scoring', 'answering') : peak('open', 'answering');
  // A dry run that was ended early did not see the heaviest micro-batch.
  const unseen = ended === 'done' || !plan || !line ? 0 : line.at(plan.heavy.load);
  const steps = Math.max(peak('light', 'typical', 'heavy'), unseen);
  const own = Math.max(elsewhere, peak('scoring'), steps > 0 ? steps + sumBytes(config, sizes) : 0);
  const mapped = sizes.weights;
  const needs = own + mapped;
  const fits = ended === 'done' && needs <= free;
  const lack: Lack = { config, sizes, needs, free };
  const predicted = plan && line ? { plan, line, elsewhere } : null;
  return {
    own,
    mapped,
    needs,
    free,
    fits,
    advice: fits ? [] : memoryAdvice(lack, predicted),
    batches: ended === 'done' && predicted ? batchSizes(lack, predicted, phases) : null,
  };
}

function judgeDisk(config: TrainConfig, sizes: Sizes, plan: Plan, free: number): Estimate['disk'] {
  const work = workloadOf(config, plan);
  const checkpoint = checkpointBytes(config, sizes.trained, plan.rows);
  const rewards = rewardsBytes(work.rewards + work.scorings, plan.rows);
  const needs = work.checkpointsKept * checkpoint + rewards;
  const fits = needs <= free;
  return {
    checkpoint,
    checkpoints: work.checkpoints,
    rewards,
    needs,
    free,
    fits,
    advice: fits ? [] : diskAdvice({ config, sizes, needs, free }, work, plan.rows),
  };
}

/**
 * Seconds from measured phases. A step's time grows with its tokens and is measured on a typical micro-batch with its
 * optimizer step; the time of scoring grows with its tokens too. The reference is scored once for each pair, in the
 * first pass over the data, or after each move of a moving reference; after the run it is scored for pairs that no step
 * visited. Time that a cache may save is not subtracted. The scoring after the run is not part of the total.
 */
function secondsOf(config: TrainConfig, plan: Plan, phases: Measured['phases']): Seconds {
  // Without prompts there is no phase `answering`.
  const took = (phase: Phase): number => phases[phase]?.seconds ?? 0;
  const work = workloadOf(config, plan);
  const perToken = took('typical') / plan.typical.tokens;
  const scored = took('scoring') / plan.scored.tokens;
  const moving = config.sync_ref_model;
  const referenceTokens = hasReference(config) ? (moving ? plan.tokens : Math.min(plan.tokens, plan.rowTokens)) : 0;
  const start = took('open');
  const steps = perToken * plan.tokens + scored * referenceTokens;
  const rewards = scored * plan.rowTokens * (moving ? 2 : 1) * work.rewards;
  const unvisited = keepsPlainSums(config) && !moving ? Math.max(0, 1 - plan.tokens / plan.rowTokens) : 1;
  const scoring = scored * plan.rowTokens * (work.scorings + unvisited);
  const ofRows = scored * plan.heldOutTokens * (moving ? 2 * work.evaluations : work.evaluations + 1);
  const evaluations =
    work.evaluations === 0
      ? 0
      : ofRows + work.evaluations * klSeconds(config, plan, scored) + guardSeconds(config, work, scored);
  const samples = work.answers * took('answering');
  return {
    step: steps / plan.steps,
    start,
    steps,
    rewards,
    evaluations,
    samples,
    scoring,
    total: start + steps + rewards + evaluations + samples,
  };
}

/** Seconds that the KL adds to an evaluation. @param scored seconds per token */
const klSeconds = (config: TrainConfig, { heldOutTokens }: Plan, scored: number): number =>
  hasReference(config) ? klShare * scored * heldOutTokens : 0;

/** Seconds of a guard's text, which is measured before the first step too. @param scored seconds per token */
const guardSeconds = ({ guard_file: file }: TrainConfig, { evaluations }: Workload, scored: number): number =>
  file === null ? 0 : scored * guardTokens * (evaluations + 1);

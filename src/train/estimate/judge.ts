import type { TrainConfig } from '../../run/types';
import { hasReference, keepsPlainSums } from '../trainers';
import { diskAdvice, memoryAdvice, trainedCopies, type Lack } from './advice';
import { memoryLine } from './memoryLine';
import type { Estimate, Measured, Phase, Plan, Seconds, Sizes } from './types';
import { checkpointBytes, rewardsBytes, workloadOf } from './workload';

/** What is to be had: memory without pushing other programs out, and room on the disk of the run folder. */
export interface Free {
  readonly memory: number;
  readonly disk: number;
}

/**
 * Own memory that no run does without: the values that are trained, their gradients and sums, and the optimizer's
 * moments.
 */
export const leastOwn = ({ trained }: Sizes): number => trainedCopies * trained;

/** A verdict from headers alone; null where the run may fit, so that it takes a dry run to tell. */
export function refuse(config: TrainConfig, sizes: Sizes, free: Free): Estimate | null {
  const [own, mapped] = [leastOwn(sizes), sizes.weights];
  const lack = { config, sizes, needs: own + mapped, free: free.memory };
  if (lack.needs <= free.memory) return null;
  const memory = { own, mapped, needs: lack.needs, free: free.memory, fits: false, advice: memoryAdvice(lack, null) };
  return { fits: false, basis: 'headers', plan: null, seconds: null, memory, disk: null };
}

/** What a dry run says of the run. */
export function judge(config: TrainConfig, sizes: Sizes, measured: Measured, free: Free): Estimate {
  const { ended, plan } = measured;
  const memory = judgeMemory(config, sizes, measured, free.memory);
  const disk = plan ? judgeDisk(config, sizes, plan, free.disk) : null;
  const seconds = plan && ended === 'done' ? secondsOf(config, plan, measured.phases) : null;
  return {
    fits: memory.fits && disk?.fits !== false,
    basis: ended === 'done' ? 'measured' : ended,
    plan,
    seconds,
    memory,
    disk,
  };
}

function judgeMemory(config: TrainConfig, sizes: Sizes, measured: Measured, free: number): Estimate['memory'] {
  const { ended, plan, phases } = measured;
  const peak = (...names: readonly Phase[]): number => Math.max(0, ...names.map((name) => phases[name]?.own ?? 0));
  const line = memoryLine(measured);
  // Scoring a micro-batch takes less than a step on it, so it shrinks with the steps; an evaluation's batch has a size
  // of its own.
  const apart = plan !== null && plan.scored.load > plan.heavy.load;
  const elsewhere = apart ? peak('open', 'scoring', 'answering') : peak('open', 'answering');
  const own = Math.max(
    elsewhere,
    peak('scoring', 'light', 'typical', 'heavy'),
    ended === 'done' ? 0 : (line?.at(plan?.heavy.load ?? 0) ?? 0),
  );
  const mapped = sizes.weights;
  const needs = own + mapped;
  const fits = ended === 'done' && needs <= free;
  const lack: Lack = { config, sizes, needs, free };
  return {
    own,
    mapped,
    needs,
    free,
    fits,
    advice: fits ? [] : memoryAdvice(lack, plan && line ? { plan, line, elsewhere } : null),
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
 * Steps go by their tokens, from a typical micro-batch with its optimizer step; all scoring by its tokens too. The
 * reference is scored once a pair, in the first pass over the data, or after each of its moves, and when the run is
 * done for pairs that no step has visited; what a cache may spare is not counted. The run is done before that last
 * scoring.
 */
function secondsOf(config: TrainConfig, plan: Plan, phases: Measured['phases']): Seconds {
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
  const evaluations =
    work.evaluations === 0 ? 0 : scored * plan.heldOutTokens * (moving ? 2 * work.evaluations : work.evaluations + 1);
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

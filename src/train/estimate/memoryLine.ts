import { must } from '../../base/pure/must';
import type { BatchSize, Measured, Phase } from './types';

/** Bytes of a step's own memory as a linear function of its load. */
export interface MemoryLine {
  at(load: number): number;
}

/** If two loads differ by less than this factor, noise decides the slope between them. */
const leastRatio = 1.25;

/**
 * The line of a step's own memory over its load, through the lightest and the heaviest micro-batch that were measured.
 * If only one was measured, the line goes through the memory before the first step. Then the slope contains what the
 * first step allocates once, so the line is too steep, which is safe. The memory after that step would make it too
 * flat, because the allocator keeps some freed memory.
 *
 * @returns null if no micro-batch was measured
 */
export function memoryLine({ plan, phases }: Pick<Measured, 'plan' | 'phases'>): MemoryLine | null {
  if (!plan) return null;
  const sizes: readonly (readonly [Phase, BatchSize])[] = [
    ['light', plan.light],
    ['typical', plan.typical],
    ['heavy', plan.heavy],
  ];
  const points = sizes.flatMap(([phase, { load }]) =>
    typeof phases[phase]?.seconds === 'number' ? [{ load, own: phases[phase].own }] : [],
  );
  const high = points.at(-1);
  if (!high) return null;
  const least = points[0];
  const isApart = least !== undefined && high.load > leastRatio * least.load;
  // Every dry run with a plan has opened the model.
  const low = isApart ? least : { load: 0, own: must(phases.open, 'the phase open').own };
  const slope = Math.max(0, (high.own - low.own) / (high.load - low.load));
  return { at: (load) => high.own + slope * (load - high.load) };
}

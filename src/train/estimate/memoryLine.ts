import type { BatchSize, Measured, Phase } from './types';

/** Bytes as a function of load. */
export interface MemoryLine {
  at(load: number): number;
}

/** Two loads nearer to each other than this tell a slope no better than noise does. */
const apart = 1.25;

/**
 * Own memory of a step as a line in its load, through the lightest and the heaviest micro-batch that were measured;
 * through the memory before the first step where there is but one. That counts to the slope what the first step
 * allocates for good, so it errs towards too much; from the memory after that step it would be too little, for the
 * allocator keeps some of what was freed.
 *
 * @returns null where no micro-batch was measured, so that nothing is known of the slope
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
  const low = least && high.load > apart * least.load ? least : { load: 0, own: phases.open?.own ?? 0 };
  const slope = Math.max(0, (high.own - low.own) / (high.load - low.load));
  return { at: (load) => high.own + slope * (load - high.load) };
}

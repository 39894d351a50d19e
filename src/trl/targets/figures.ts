import { isRecord } from '../../base/pure/isRecord';
import { MarginError } from '../../base/pure/marginError';
import { targetsOf } from './findTargets';

/** What a person says about a target, in its entry of `.margin/targets.json`. Null: not said. */
export interface TargetFigures {
  /** Tokens per second of a run, all its processes together. */
  readonly tokens_per_second: number | null;
  /** Of one machine, in any currency. */
  readonly price_per_hour: number | null;
  /** Memory of one GPU, or of one process on the CPU, in GB (10⁹ bytes). */
  readonly gpu_memory_gb: number | null;
}

/** The figures of a target of which nobody has said any. */
export const noFigures: TargetFigures = { tokens_per_second: null, price_per_hour: null, gpu_memory_gb: null };

/**
 * The figures beside a target's settings. They reach no command, so a change of one needs no new trust.
 *
 * @returns {@link noFigures} for a target without an entry: a built-in template under its own name
 * @throws MarginError `target-figure`, and those of reading the file
 */
export async function figuresOf(workspace: string, name: string): Promise<TargetFigures> {
  const found = await targetsOf(workspace);
  const entry = found?.file[name];
  if (found === null || !isRecord(entry)) return noFigures;
  const figure = (key: keyof TargetFigures): number | null => {
    const value = entry[key];
    if (value === undefined) return null;
    if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value;
    const message = `${found.path}: ${key} of the target ${name} must be a number above 0.`;
    throw new MarginError('target-figure', message, { path: found.path, name, key });
  };
  return {
    tokens_per_second: figure('tokens_per_second'),
    price_per_hour: figure('price_per_hour'),
    gpu_memory_gb: figure('gpu_memory_gb'),
  };
}

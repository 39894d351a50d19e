import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { at, must } from '../../src/base/pure/must';
import { Program, type Feeds } from '../../src/engine/runtime';
import type { Tensor } from '../../src/graph/tensor';

/** One run of a kernel in ONNX Runtime's profile. */
export interface Kernel {
  readonly op: string;
  /** Milliseconds. */
  readonly time: number;
  /** Shape of its first output. */
  readonly shape: readonly number[];
}

interface ProfileEvent {
  readonly cat: string;
  readonly name: string;
  readonly ts: number;
  /** Microseconds. */
  readonly dur: number;
  readonly args?: {
    readonly op_name?: string;
    readonly output_type_shape?: readonly Readonly<Record<string, readonly number[]>>[];
  };
}

/** Profiles a graph's second run. The first run pages the weights in. */
export async function profiled(outputs: Readonly<Record<string, Tensor>>, feeds: Feeds): Promise<readonly Kernel[]> {
  const folder = await mkdtemp(join(tmpdir(), 'margin-profile-'));
  try {
    const program = await Program.compile(outputs, { profilePrefix: join(folder, 'step') });
    for (let run = 0; run < 2; run++) await program.run(feeds);
    await program.release();
    const file = at(await readdir(folder), 0);
    return lastRun(JSON.parse(await readFile(join(folder, file), 'utf8')) as readonly ProfileEvent[]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function lastRun(events: readonly ProfileEvent[]): Kernel[] {
  const start = must(
    events.findLast(({ name }) => name === 'model_run'),
    'a run in the profile',
  ).ts;
  const kernels = events.filter(({ cat, name, ts }) => cat === 'Node' && name.endsWith('_kernel_time') && ts >= start);
  return kernels.map(({ dur, args }) => ({
    op: args?.op_name ?? '',
    time: dur / 1000,
    shape: Object.values(args?.output_type_shape?.[0] ?? {})[0] ?? [],
  }));
}

export const timeOf = (kernels: readonly Kernel[]): number => kernels.reduce((sum, { time }) => sum + time, 0);

import * as ort from 'onnxruntime-node';
import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { basename, parse, relative } from 'node:path';
import { errorMessage, MarginError } from '../base/pure/marginError';
import { onnxBytes } from '../graph/onnx';
import type { Tensor } from '../graph/tensor';
import { topological } from '../graph/topological';
import type { Device } from './types';

// ONNX Runtime's builds send telemetry and keep a device id for it in the user's cache folder, unless this stands
// before the first session opens (its docs/Privacy.md). Those for Windows know no such variable: there the system's
// event tracing decides.
process.env.ORT_DISABLE_TELEMETRY ??= '1';

export interface RuntimeOptions {
  readonly threads?: number | undefined;
  readonly device?: Device | undefined;
  /**
   * Keeps a private copy of each weight, in the order that products want: in whole numbers they are several times as
   * fast then.
   */
  readonly packed?: boolean | undefined;
  /** Writes ONNX Runtime's profile to files that start so. */
  readonly profilePrefix?: string;
}

export type Feeds = Record<string, ort.Tensor>;

/**
 * A compiled graph. `session.run` blocks the event loop, so graphs run in processes of their own, never in an editor's.
 */
export class Program {
  private constructor(
    private readonly session: ort.InferenceSession,
    private readonly inputs: ReadonlySet<string>,
  ) {}

  static async compile(outputs: Readonly<Record<string, Tensor>>, options: RuntimeOptions = {}): Promise<Program> {
    // External data must lie below a given folder, and links out of it are refused: root plus real paths serves every
    // layout.
    const tensors = topological(Object.values(outputs));
    const files = [...new Set(tensors.flatMap(({ external }) => (external ? [external.file] : [])))];
    const real = new Map(await Promise.all(files.map(async (file) => [file, await realpath(file)] as const)));
    const root = parse([...real.values()][0] ?? process.cwd()).root;
    const bytes = onnxBytes(outputs, (file) => relative(root, real.get(file) ?? file).replaceAll('\\', '/'));
    const inputs = tensors.flatMap(({ op, name }) => (op === 'Input' && name !== undefined ? [name] : []));
    const session = await ort.InferenceSession.create(bytes, sessionOptions(root, options)).catch((error: unknown) =>
      Promise.reject(deviceError(error, options)),
    );
    return new Program(session, new Set(inputs));
  }

  /** Feeds that this graph does not use (an objective without a reference, say) are left out. */
  async run(feeds: Feeds): Promise<Record<string, Float32Array>> {
    const used = Object.entries(feeds).filter(([name]) => this.inputs.has(name));
    const results = await this.session.run(Object.fromEntries(used));
    return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, tensor.data as Float32Array]));
  }

  /** Ends profiling (if asked for) and frees the session. */
  async release(): Promise<void> {
    this.session.endProfiling();
    await this.session.release();
  }
}

/**
 * What decides the bits of a graph's results, as text: the graph itself, the runtime, the processor, and the threads.
 */
export function numericsOf(
  outputs: Readonly<Record<string, Tensor>>,
  { threads = availableParallelism(), device = 'cpu' }: RuntimeOptions,
): string {
  const graph = createHash('sha256').update(onnxBytes(outputs, basename)).digest('hex');
  return [graph, ort.env.versions.node, process.platform, process.arch, cpus()[0]?.model, threads, device].join(' ');
}

/** On the CPU a graph that does not open is a defect and told as it is; elsewhere the device may be what is missing. */
function deviceError(error: unknown, { device = 'cpu' }: RuntimeOptions): unknown {
  if (device === 'cpu') return error;
  const why = errorMessage(error);
  return new MarginError(
    'no-device',
    `device "${device}" cannot be used here: ${why}. Set device to "cpu", or install what it needs.`,
    { device },
  );
}

function sessionOptions(
  root: string,
  { threads = availableParallelism(), device = 'cpu', packed = false, profilePrefix }: RuntimeOptions,
): ort.InferenceSession.SessionOptions {
  return {
    executionProviders: [device],
    // Parallel execution would break the order that the emission relies on.
    executionMode: 'sequential',
    intraOpNumThreads: threads,
    // The graph is written as it shall run. Optimizers would fuse a train and a score graph differently, so that their
    // log-probs differ in the last bit, keep an f32 copy of every folded bf16 weight, and double the time to open a
    // session.
    graphOptimizationLevel: 'disabled',
    enableMemPattern: false,
    // The arena grows by doubling and gives nothing back while its session lives; three sessions live in a trainer.
    // Costs about 3 % of a step.
    enableCpuMemArena: false,
    logSeverityLevel: 3,
    ...(profilePrefix === undefined ? {} : { enableProfiling: true, profileFilePrefix: profilePrefix }),
    extra: {
      // Token ids and places are 64 bit; without this their ops would go to the CPU and back.
      ep: { webgpuexecutionprovider: { enableInt64: '1' } },
      session: {
        // Threads that wait by spinning keep an editor and other runs from the processor, and with other work about a
        // step takes half as much processor time again; threads that sleep at once make a token, of a thousand short
        // kernels, a fifth slower. Spinning this long bridges the gaps between kernels and is nearly as sparing as
        // sleep when others want the processor.
        intra_op: { allow_spinning: '1', spin_duration_us: '20' },
        // One mapped copy serves W and Wᵀ, and every session; packing would make private ones of each.
        disable_prepacking: packed ? '0' : '1',
        // An op without a kernel there would bring its inputs back at every run; better it is told before the first
        // step.
        disable_cpu_ep_fallback: device === 'webgpu' ? '1' : '0',
        model_external_initializers_file_folder_path: root,
      },
    },
  };
}

export function f32(data: Float32Array, shape: readonly number[]): ort.Tensor {
  return new ort.Tensor('float32', data, [...shape]);
}

export function i64(data: BigInt64Array, shape: readonly number[]): ort.Tensor {
  return new ort.Tensor('int64', data, [...shape]);
}

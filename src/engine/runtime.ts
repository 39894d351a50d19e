import type * as ort from 'onnxruntime-node';
import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { basename, parse, relative } from 'node:path';
import { errorMessage, MarginError } from '../base/pure/marginError';
import { must } from '../base/pure/must';
import { onnxBytes } from '../graph/onnx';
import type { Tensor } from '../graph/tensor';
import { topological } from '../graph/topological';
import { onnxRuntime } from './onnxRuntime';
import type { Device } from './types';

export interface RuntimeOptions {
  /** Threads that share one kernel; all processors if left out. */
  readonly threads?: number | undefined;
  /** `cpu` if left out. */
  readonly device?: Device | undefined;
  /**
   * Keeps a private copy of each weight in the layout that matrix products prefer. Products of 8-bit weights are
   * several times as fast with it. False if left out.
   */
  readonly prepack?: boolean | undefined;
  /** Writes ONNX Runtime's profile to a file whose name starts with this. */
  readonly profilePrefix?: string;
}

/** The inputs of a graph, by name. */
export type Feeds = Record<string, ort.Tensor>;

/**
 * A compiled graph. `session.run` blocks the event loop, so graphs run in separate processes and never in the process
 * of an editor.
 */
export class Program {
  private constructor(
    private readonly session: ort.InferenceSession,
    private readonly inputs: ReadonlySet<string>,
  ) {}

  /**
   * Opens a session for a graph.
   *
   * @param outputs by the names that {@link run} returns
   * @throws MarginError `no-device` if a device other than the CPU cannot run the graph; the errors of ONNX Runtime
   */
  static async compile(outputs: Readonly<Record<string, Tensor>>, options: RuntimeOptions = {}): Promise<Program> {
    // ONNX Runtime wants external data below one folder and refuses links that lead out of it. The root folder and real
    // paths fit every layout.
    const tensors = topological(Object.values(outputs));
    const files = [...new Set(tensors.flatMap(({ external }) => (external ? [external.file] : [])))];
    const real = new Map(await Promise.all(files.map(async (file) => [file, await realpath(file)] as const)));
    // A graph without weights refers to no file.
    const root = parse([...real.values()][0] ?? process.cwd()).root;
    const location = (file: string): string => relative(root, must(real.get(file), `the real path of ${file}`));
    const bytes = onnxBytes(outputs, (file) => location(file).replaceAll('\\', '/'));
    const inputs = tensors.flatMap(({ op, name }) => (op === 'Input' && name !== undefined ? [name] : []));
    const session = await onnxRuntime()
      .InferenceSession.create(bytes, sessionOptions(root, options))
      .catch((error: unknown) => Promise.reject(deviceError(error, options)));
    return new Program(session, new Set(inputs));
  }

  /**
   * Runs the graph and returns its outputs. Ignores feeds that the graph does not read, such as the reference for an
   * objective without one.
   */
  async run(feeds: Feeds): Promise<Record<string, Float32Array>> {
    const used = Object.entries(feeds).filter(([name]) => this.inputs.has(name));
    const results = await this.session.run(Object.fromEntries(used));
    return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, tensor.data as Float32Array]));
  }

  /** Frees the session, and writes the profile if one was asked for. */
  async release(): Promise<void> {
    this.session.endProfiling();
    await this.session.release();
  }
}

/**
 * Everything that decides the bits of a graph's results, besides weights and inputs, as a text for cache keys: the
 * SHA-256 of the graph, the versions of ONNX Runtime, the processor, the threads and the device.
 */
export function numericsKey(
  outputs: Readonly<Record<string, Tensor>>,
  { threads = availableParallelism(), device = 'cpu' }: RuntimeOptions,
): string {
  const graph = createHash('sha256').update(onnxBytes(outputs, basename)).digest('hex');
  const { node } = onnxRuntime().env.versions;
  return [graph, node, process.platform, process.arch, cpus()[0]?.model, threads, device].join(' ');
}

/**
 * On the CPU, a graph that does not open is a defect, so its error stays as it is. Elsewhere the device may be missing.
 */
function deviceError(error: unknown, { device = 'cpu' }: RuntimeOptions): unknown {
  if (device === 'cpu') return error;
  const why = errorMessage(error);
  return new MarginError(
    'no-device',
    `device "${device}" cannot be used here: ${why}. Set device to "cpu", or install what the device needs.`,
    { device },
  );
}

function sessionOptions(
  root: string,
  { threads = availableParallelism(), device = 'cpu', prepack = false, profilePrefix }: RuntimeOptions,
): ort.InferenceSession.SessionOptions {
  return {
    executionProviders: [device],
    // Parallel execution would break the order of nodes; see `graph/emission.ts`.
    executionMode: 'sequential',
    intraOpNumThreads: threads,
    // The graph is written as it should run. Optimizers would fuse a train graph and a score graph differently, so
    // their log-probs would differ in the last bit. They would also keep an f32 copy of each folded bf16 weight and
    // double the time to open a session.
    graphOptimizationLevel: 'disabled',
    enableMemPattern: false,
    // An arena grows by doubling and frees nothing while its session is open, and a trainer has three sessions. Without
    // it a step takes about 3 % longer.
    enableCpuMemArena: false,
    logSeverityLevel: 3,
    ...(profilePrefix === undefined ? {} : { enableProfiling: true, profileFilePrefix: profilePrefix }),
    extra: {
      // Token ids and positions are 64-bit. Without this, their ops would run on the CPU, with a copy each way.
      ep: { webgpuexecutionprovider: { enableInt64: '1' } },
      session: {
        // Threads that wait by spinning take the processor from an editor and other runs: on a busy machine a step then
        // takes 1.5 times the processor time. Threads that sleep at once make a generated token, a thousand short
        // kernels, a fifth slower. Spinning for this long bridges the gaps between kernels, and costs hardly more than
        // sleep when others need the processor.
        intra_op: { allow_spinning: '1', spin_duration_us: '20' },
        // One memory-mapped copy serves W and Wᵀ in all sessions. Prepacking would make a private copy for each.
        disable_prepacking: prepack ? '0' : '1',
        // An op without a WebGPU kernel would copy its inputs to the CPU in each run. An error when the session opens
        // is better.
        disable_cpu_ep_fallback: device === 'webgpu' ? '1' : '0',
        model_external_initializers_file_folder_path: root,
      },
    },
  };
}

/** A feed of f32 numbers. @param shape sizes whose product is the length of `data` */
export function f32(data: Float32Array, shape: readonly number[]): ort.Tensor {
  const { Tensor: OrtTensor } = onnxRuntime();
  return new OrtTensor('float32', data, [...shape]);
}

/** A feed of 64-bit integers. @param shape sizes whose product is the length of `data` */
export function i64(data: BigInt64Array, shape: readonly number[]): ort.Tensor {
  const { Tensor: OrtTensor } = onnxRuntime();
  return new OrtTensor('int64', data, [...shape]);
}

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { MarginError } from '../../base/pure/marginError';
import type { TrainConfig } from '../../run/types';
import type { DryRunMessage, Measured, Phase, Plan } from './types';

/** How often memory is sampled. A step of a model that could fill the memory takes seconds. */
const sampleMs = 10;
/** Characters of the process's last output that are kept, to say why it died. */
const keptOutput = 2000;
/**
 * What a process prints when it runs out of memory: C++, ONNX Runtime or V8.
 */
const outOfMemory = /bad_alloc|failed to allocate|out of memory|allocation failed/i;

export interface DryRunOptions {
  /** The bundled trainer, `dist/trainer.js`; `node trainer.js --dry_run` reads a config from its input. */
  readonly trainer: string;
  /** The Node (or Electron) executable. */
  readonly node: string;
  /** Bytes of its own memory at which the dry run is killed, before the machine runs out of memory. */
  readonly limit: number;
  readonly onPhase?: (phase: Phase) => void;
  /** Gets each remark that the run would note about its rows. */
  readonly onRemark?: (message: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Makes a dry run in a process of its own, and watches its memory from this process. If the process is killed for lack
 * of memory, that is a result, not an error.
 *
 * @throws MarginError what the dry run finds wrong with config, model or rows; `dry-run-failed`, `interrupted`
 */
export async function measure(
  config: TrainConfig,
  { trainer, node, limit, onPhase, onRemark, signal }: DryRunOptions,
): Promise<Measured> {
  const child = spawn(node, [trainer, '--dry_run'], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    windowsHide: true,
  });
  const end = (): boolean => child.kill('SIGKILL');
  signal?.addEventListener('abort', end, { once: true });
  const record = new DryRunRecord(onPhase, onRemark);
  let stopped = false;
  const timer = setInterval(() => {
    if (child.pid === undefined || child.exitCode !== null) return;
    record.sample(ownBytes(child.pid));
    if (record.own > limit) stopped = end();
  }, sampleMs);
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-keptOutput)));
  createInterface({ input: child.stdout }).on('line', (line) => record.take(JSON.parse(line) as DryRunMessage));
  // If the process has ended, its exit says why; the error of this pipe adds nothing.
  child.stdin.on('error', () => undefined);
  // The pipe stays open, because the dry run ends when its input does.
  child.stdin.write(`${JSON.stringify(config)}\n`);
  try {
    const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
    if (signal?.aborted) throw new MarginError('interrupted', 'The dry run was ended before it had a result.');
    const ended = stopped ? 'stopped' : code === 0 ? 'done' : 'killed';
    return record.result(ended, output);
  } finally {
    clearInterval(timer);
    signal?.removeEventListener('abort', end);
  }
}

/** Collects the messages and the memory of a dry run. */
class DryRunRecord {
  own = 0;
  private phase: Phase = 'open';
  private plan: Plan | null = null;
  private readonly phases: Partial<{ [name in Phase]: { seconds: number | null; own: number } }> = {};
  private error: { readonly code: string; readonly message: string } | null = null;

  constructor(
    private readonly onPhase: DryRunOptions['onPhase'],
    private readonly onRemark: DryRunOptions['onRemark'],
  ) {}

  /** @param own bytes; null: this system does not tell the memory of other processes */
  sample(own: number | null): void {
    if (own === null) return;
    this.own = own;
    this.note({ own });
  }

  take(message: DryRunMessage): void {
    switch (message.kind) {
      case 'remark':
        this.onRemark?.(message.message);
        break;
      case 'plan':
        this.plan = message.plan;
        break;
      case 'begin':
        this.phase = message.phase;
        this.note({ own: this.own });
        this.onPhase?.(message.phase);
        break;
      case 'end':
        // Without samples all resident memory counts as the process's own, mapped pages too.
        this.note({ seconds: message.seconds, own: this.own === 0 ? message.resident : 0 });
        break;
      case 'error':
        this.error = message;
    }
  }

  result(ended: Measured['ended'], output: string): Measured {
    const { error, plan, phases } = this;
    const said = error?.message ?? (ended === 'killed' ? output.trim() : '');
    if (said === '' || outOfMemory.test(said)) return { ended: error ? 'killed' : ended, plan, phases };
    throw error
      ? new MarginError(error.code, error.message)
      : new MarginError('dry-run-failed', `The dry run ended without a result. Its last output: ${said}`);
  }

  private note({ seconds, own }: { readonly seconds?: number; readonly own: number }): void {
    const before = this.phases[this.phase] ?? { seconds: null, own: 0 };
    this.phases[this.phase] = { seconds: seconds ?? before.seconds, own: Math.max(before.own, own) };
  }
}

/**
 * Resident memory that is not mapped from files, in bytes (proc_pid_status(5), RssAnon); null if there is no /proc, or
 * the process is gone.
 */
function ownBytes(pid: number): number | null {
  try {
    const kilobytes = /^RssAnon:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? null : 1024 * Number(kilobytes);
  } catch {
    // The system is not Linux, or the process has just ended, which its exit event reports.
    return null;
  }
}

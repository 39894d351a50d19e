import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { MarginError } from '../../base/pure/marginError';
import type { TrainConfig } from '../../run/types';
import type { DryRunMessage, Measured, Phase, Plan } from './types';

/** Memory is looked at so often; a step of a model that could fill it takes seconds. */
const sampleMs = 10;
/** The end of what a process said is enough to say why it died. */
const keptWords = 2000;
/**
 * How a process ends that had not enough memory, by whichever part of it asked: the system's killer, C++, ONNX Runtime,
 * V8.
 */
const wantOfMemory = /bad_alloc|failed to allocate|out of memory|allocation failed/i;

export interface MeasureOptions {
  /** The bundled trainer, `dist/trainer.js`; `node trainer.js --dry_run` reads a config from its input. */
  readonly trainer: string;
  /** The Node (or Electron) executable. */
  readonly node: string;
  /** Own bytes at which the dry run is ended, so that the machine need not find out. */
  readonly limit: number;
  readonly onPhase?: (phase: Phase) => void;
  /** Told what the run would note of its rows. */
  readonly onRemark?: (message: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * A dry run in a process of its own, whose memory is watched from here. A process that is killed is a result, not an
 * error.
 *
 * @throws MarginError what the dry run says is wrong with config, model or rows; `interrupted`
 */
export async function measure(
  config: TrainConfig,
  { trainer, node, limit, onPhase, onRemark, signal }: MeasureOptions,
): Promise<Measured> {
  const child = spawn(node, [trainer, '--dry_run'], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    windowsHide: true,
  });
  const end = (): boolean => child.kill('SIGKILL');
  signal?.addEventListener('abort', end, { once: true });
  const seen = new Seen(onPhase, onRemark);
  let stopped = false;
  const timer = setInterval(() => {
    if (child.pid === undefined || child.exitCode !== null) return;
    seen.sample(ownBytes(child.pid));
    if (seen.own > limit) stopped = end();
  }, sampleMs);
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => (words = (words + chunk.toString()).slice(-keptWords)));
  createInterface({ input: child.stdout }).on('line', (line) => seen.take(JSON.parse(line) as DryRunMessage));
  // Who is gone already says so by its end, not by this pipe's.
  child.stdin.on('error', () => undefined);
  // The pipe stays open: a dry run ends with whoever asked for it.
  child.stdin.write(`${JSON.stringify(config)}\n`);
  try {
    const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
    if (signal?.aborted) throw new MarginError('interrupted', 'The dry run was ended before it could tell anything.');
    const ended = stopped ? 'stopped' : code === 0 ? 'done' : 'killed';
    return seen.result(ended, words);
  } finally {
    clearInterval(timer);
    signal?.removeEventListener('abort', end);
  }
}

/** What was seen of a dry run. */
class Seen {
  own = 0;
  private phase: Phase = 'open';
  private plan: Plan | null = null;
  private readonly phases: Partial<{ [name in Phase]: { seconds: number | null; own: number } }> = {};
  private error: { readonly code: string; readonly message: string } | null = null;

  constructor(
    private readonly onPhase: MeasureOptions['onPhase'],
    private readonly onRemark: MeasureOptions['onRemark'],
  ) {}

  /** @param own null: this system does not tell of other processes */
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
        // Without samples all that is resident counts as the process's own, mapped pages too.
        this.note({ seconds: message.seconds, own: this.own === 0 ? message.resident : 0 });
        break;
      case 'error':
        this.error = message;
    }
  }

  result(ended: Measured['ended'], words: string): Measured {
    const { error, plan, phases } = this;
    const said = error?.message ?? (ended === 'killed' ? words.trim() : '');
    if (said === '' || wantOfMemory.test(said)) return { ended: error ? 'killed' : ended, plan, phases };
    throw error
      ? new MarginError(error.code, error.message)
      : new MarginError('dry-run-failed', `The dry run ended without a result. It said: ${said}`);
  }

  private note({ seconds, own }: { readonly seconds?: number; readonly own: number }): void {
    const before = this.phases[this.phase] ?? { seconds: null, own: 0 };
    this.phases[this.phase] = { seconds: seconds ?? before.seconds, own: Math.max(before.own, own) };
  }
}

/**
 * Resident pages that no file stands behind (proc_pid_status(5), RssAnon); null where there is no /proc, or the process
 * is gone.
 */
function ownBytes(pid: number): number | null {
  try {
    const kilobytes = /^RssAnon:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? null : 1024 * Number(kilobytes);
  } catch {
    // No Linux, or no such process any more: then its end is what is told.
    return null;
  }
}

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, onTestFinished } from 'vitest';

export const model = resolve('../shared/models/stories260K-hf');
export const golden = resolve('../shared/golden/trl-1.16');

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  /** The lines of stdout, parsed. */
  json(): readonly Record<string, unknown>[];
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** The command line as people use it: bundled, in a separate process. */
export class Program {
  folder = '';

  constructor() {
    beforeAll(() => this.bundle());
    afterAll(() => rm(this.folder, { recursive: true, force: true }));
  }

  start(args: readonly string[], cwd = this.folder): Running {
    const child = spawn(process.execPath, [join(this.folder, 'cli.js'), ...args], {
      cwd,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, XDG_CACHE_HOME: join(this.folder, 'cache') },
    });
    let [out, err] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    onTestFinished(() => void child.kill('SIGKILL'));
    const ended = new Promise<Ended>((done, fail) => {
      child.once('error', fail);
      child.once('close', (code) => done({ code, out, err, json: () => lines(out) }));
    });
    return { child, ended };
  }

  async run(args: readonly string[], cwd = this.folder, input = ''): Promise<Ended> {
    const { child, ended } = this.start(args, cwd);
    child.stdin?.end(input);
    return ended;
  }

  private async bundle(): Promise<void> {
    this.folder = await mkdtemp(join(tmpdir(), 'margin-cli-'));
    await symlink(resolve('node_modules'), join(this.folder, 'node_modules'), 'junction');
    await build({
      entryPoints: [
        { in: 'src/cli/main.ts', out: 'cli' },
        { in: 'src/train/main.ts', out: 'trainer' },
        { in: 'src/cli/checkLines.ts', out: 'checkLines' },
      ],
      outdir: this.folder,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      external: ['onnxruntime-node'],
      logLevel: 'error',
    });
  }
}

function lines(text: string): Record<string, unknown>[] {
  return text.split('\n').flatMap((line) => (line === '' ? [] : [asObject(JSON.parse(line))]));
}

function asObject(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw new Error(`no object: ${JSON.stringify(value)}`);
  return { ...value };
}

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, inject, onTestFinished } from 'vitest';

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
  /** The folder it runs in, with its cache. Each test file has its own. */
  folder = '';
  /** The bundled trainer, which is beside the command line. */
  readonly trainer = join(inject('programs'), 'trainer.js');

  constructor() {
    beforeAll(async () => {
      this.folder = await mkdtemp(join(tmpdir(), 'margin-cli-'));
    });
    afterAll(() => rm(this.folder, { recursive: true, force: true }));
  }

  start(args: readonly string[], cwd = this.folder): Running {
    const child = spawn(process.execPath, [join(inject('programs'), 'cli.js'), ...args], {
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
      child.once('close', (code) => done({ code, out, err, json: () => jsonLines(out) }));
    });
    return { child, ended };
  }

  async run(args: readonly string[], cwd = this.folder, input = ''): Promise<Ended> {
    const { child, ended } = this.start(args, cwd);
    child.stdin?.end(input);
    return ended;
  }
}

/** The lines of a command's stdout, parsed. */
export function jsonLines(text: string): Record<string, unknown>[] {
  return text.split('\n').flatMap((line) => (line === '' ? [] : [asObject(JSON.parse(line))]));
}

function asObject(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw new Error(`no object: ${JSON.stringify(value)}`);
  return { ...value };
}

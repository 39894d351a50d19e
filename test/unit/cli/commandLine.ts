import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { inject, vi } from 'vitest';
import { runCommandLine } from '../../../src/cli/commandLine';
import { Output } from '../../../src/cli/output';
import { type Ended, jsonLines, Program } from './program';

const signals = ['SIGINT', 'SIGTERM'] as const;

/** The command line, also without a process of its own. */
export class CommandLine extends Program {
  /**
   * As {@link run}, but in this process, which saves the start of another. Not for tests of stdin, signals, the end of
   * a process, and Parquet: a program beside `cli.js` reads it.
   */
  async runHere(args: readonly string[], cwd = this.folder): Promise<Ended> {
    vi.stubEnv('XDG_CACHE_HOME', join(this.folder, 'cache'));
    const forget = rememberListeners();
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const printed = Promise.all([text(stdout), text(stderr)]);
    const code = await runCommandLine(args, { output: new Output(stdout, stderr), cwd, programs: inject('programs') });
    vi.unstubAllEnvs();
    forget();
    for (const stream of [stdout, stderr]) stream.end();
    const [out, err] = await printed;
    return { code, out, err, json: () => jsonLines(out) };
  }
}

/** A command listens to signals until its process ends. @returns what removes the listeners that were added since */
function rememberListeners(): () => void {
  const kept = signals.map((signal) => new Set(process.listeners(signal)));
  return () =>
    signals.forEach((signal, i) => {
      for (const listener of process.listeners(signal))
        if (!kept[i]?.has(listener)) process.removeListener(signal, listener);
    });
}

import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { inject, vi } from 'vitest';
import { runCommandLine } from '../../../src/cli/commandLine';
import { Output } from '../../../src/cli/output';
import { type Ended, jsonLines, Program } from './program';

/** The command line, also without a process of its own. */
export class CommandLine extends Program {
  /**
   * As {@link run}, but in this process, which saves the start of another. Not for tests of stdin, signals and of how a
   * process ends.
   */
  async runHere(args: readonly string[], cwd = this.folder): Promise<Ended> {
    vi.stubEnv('XDG_CACHE_HOME', join(this.folder, 'cache'));
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const printed = Promise.all([text(stdout), text(stderr)]);
    const code = await runCommandLine(args, { output: new Output(stdout, stderr), cwd, programs: inject('programs') });
    vi.unstubAllEnvs();
    for (const stream of [stdout, stderr]) stream.end();
    const [out, err] = await printed;
    return { code, out, err, json: () => jsonLines(out) };
  }
}

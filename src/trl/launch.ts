import { spawn, type ChildProcess } from 'node:child_process';
import { thisMachine } from '../base/node/thisMachine';
import { must } from '../base/pure/must';
import type { TrlJob } from './job';

/** How the processes of a job end. */
export interface JobEnd {
  /** null: a signal ended it. */
  readonly code: number | null;
  readonly signal: string | null;
}

export interface RunningJob {
  readonly child: ChildProcess;
  readonly ended: Promise<JobEnd>;
}

/**
 * Starts a job on this machine. Its output goes to that of this process, which the run folder names as its own: if this
 * process dies, the job ends itself.
 */
export function launchJob({ folder, command, environment }: TrlJob, python: string): RunningJob {
  const child = spawn(python, argumentsOf(command), {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      ...environment,
      MARGIN_PID: String(process.pid),
      MARGIN_MACHINE: JSON.stringify(thisMachine()),
    },
    windowsHide: true,
  });
  const ended = new Promise<JobEnd>((done, fail) => {
    child.once('error', fail).once('exit', (code, signal) => done({ code, signal }));
  });
  return { child, ended };
}

/** The launchers as modules of a Python. */
const modules: Readonly<Record<string, readonly string[]>> = {
  python: [],
  // `accelerate launch …`: the module is the subcommand.
  accelerate: ['-m', 'accelerate.commands.accelerate_cli'],
  torchrun: ['-m', 'torch.distributed.run'],
};

/** The arguments of a Python for a job's command. */
export function argumentsOf([program = '', ...rest]: readonly string[]): readonly string[] {
  return [...must(modules[program], `the module of ${program}`), ...rest];
}

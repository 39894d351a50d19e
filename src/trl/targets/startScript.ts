import { MarginError } from '../../base/pure/marginError';
import { filled, shellWord, type Values } from './template';
import type { Target, TargetJob } from './types';

/** How the machines of a job find each other, as words of bash. */
interface Meeting {
  /** What runs the command on each machine; empty: each machine runs the start script. */
  readonly onEach: string;
  readonly rank: string;
  readonly host: string;
  readonly port: string;
}

const meetings: Readonly<Partial<Record<Target['kind'], Meeting>>> = {
  // The script runs on the first machine. The port differs between jobs on one machine.
  slurm: {
    onEach: 'srun bash -c ',
    rank: '$SLURM_NODEID',
    host: '$MARGIN_HOST',
    port: '$((20000 + SLURM_JOB_ID % 20000))',
  },
  // Variables of torchrun, which the torch runtimes of Kubeflow Trainer 2 set in each pod.
  kubernetes: { onEach: '', rank: '$PET_NODE_RANK', host: '$PET_MASTER_ADDR', port: '$PET_MASTER_PORT' },
};

/** The options of a launcher for a machine of several. */
const launcherOptions: Readonly<Record<string, readonly [string, string, string]>> = {
  accelerate: ['--machine_rank', '--main_process_ip', '--main_process_port'],
  torchrun: ['--node_rank', '--master_addr', '--master_port'],
};

/**
 * The part of a start script that is the same for all targets, for bash. It runs the job's command in `RUN/trl` and
 * leaves its exit code in `$code`.
 *
 * A target that wants the machine back sends SIGTERM to all processes. The script then asks the trainer by control.json
 * to save and stop, and the trainer itself ignores the signal: a process that dies in the middle of a step saves
 * nothing. SIGUSR1 asks the same before the time is up, and sets `$again`: the job should be started again.
 *
 * @param kind how several machines find each other depends on it
 * @param values the placeholders of the target; `setup` is a line that runs first
 * @throws MarginError `target-machines` if such targets take one machine only
 */
export function startLines(job: TargetJob, kind: Target['kind'], values: Values): string[] {
  const { environment, nodes } = job;
  // Where each machine runs the script, only the first one writes files.
  const first = nodes > 1 && kind === 'kubernetes' ? '[ "$PET_NODE_RANK" != 0 ] || ' : '';
  const setup = values['setup'] === undefined ? null : filled('{setup}', values);
  const exports = Object.entries(environment).map(([name, value]) => `export ${name}=${shellWord(value)}`);
  return [
    `cd ${shellWord(values['folder'] ?? '.')}/trl || exit 1`,
    `export MARGIN_RUN_FOLDER=${shellWord(values['folder'] ?? '.')}`,
    // On another machine the process id means nothing here, and on this one the command line does not name the run.
    `export MARGIN_MACHINE="{\\"host\\": \\"$(hostname)\\", \\"boot\\": null, \\"namespace\\": null}"`,
    'export MARGIN_HOST="$(hostname)"',
    ...exports,
    ...(setup === null ? [] : [setup]),
    `ask() { printf '{"want": "%s"}\\n' "$1" >../control.json.new && mv ../control.json.new ../control.json; }`,
    `${first}ask run`,
    `${first}rm -f exit-code.txt`,
    'again=',
    `trap 'ask stop' TERM`,
    `trap 'again=1; ask stop' USR1`,
    `(trap '' TERM USR1; exec ${commandLine(job, kind)}) &`,
    'child=$!',
    // A signal interrupts `wait`.
    'while kill -0 "$child" 2>/dev/null; do wait "$child"; done',
    'wait "$child"; code=$?',
    `${first}echo "$code" >exit-code.txt`,
  ];
}

/** The command of a job as a line of bash. */
function commandLine({ command, nodes }: TargetJob, kind: Target['kind']): string {
  const words = command.map(shellWord);
  if (nodes === 1) return words.join(' ');
  const meeting = meetings[kind];
  if (meeting === undefined) {
    const message = `num_machines: a target of the kind ${kind} takes one machine. Use ${Object.keys(meetings).join(' or ')}.`;
    throw new MarginError('target-machines', message, { kind });
  }
  const [rank, host, port] = launcherOptions[command[0] ?? ''] ?? [];
  const options = rank === undefined ? [] : [rank, meeting.rank, host, meeting.host, port, meeting.port];
  const quoted = options.map((word, i) => (i % 2 === 0 ? word : `"${word}"`));
  // The options of the launcher end where the script of the job is named.
  const script = command.includes('runner.py') ? command.indexOf('runner.py') : command.length;
  const line = [...words.slice(0, script), ...quoted, ...words.slice(script)].join(' ');
  return meeting.onEach === '' ? line : `${meeting.onEach}${shellWord(`exec ${line}`)}`;
}

import { filled, shellWord, type Values } from './template';
import type { TargetJob } from './types';

/**
 * The part of a start script that is the same for all targets, for bash. It runs the job's command in `RUN/trl` and
 * leaves its exit code in `$code`.
 *
 * A target that wants the machine back sends SIGTERM to all processes. The script then asks the trainer by control.json
 * to save and stop, and the trainer itself ignores the signal: a process that dies in the middle of a step saves
 * nothing. SIGUSR1 asks the same before the time is up, and sets `$again`: the job should be started again.
 *
 * @param values the placeholders of the target; `setup` is a line that runs first
 */
export function startLines({ command, environment, nodes }: TargetJob, values: Values): string[] {
  const setup = values['setup'] === undefined ? null : filled('{setup}', values);
  const exports = Object.entries(environment).map(([name, value]) => `export ${name}=${shellWord(value)}`);
  const line = command.map(shellWord).join(' ');
  return [
    `cd ${shellWord(values['folder'] ?? '.')}/trl || exit 1`,
    `export MARGIN_RUN_FOLDER=${shellWord(values['folder'] ?? '.')}`,
    // On another machine the process id means nothing here, and on this one the command line does not name the run.
    `export MARGIN_MACHINE="{\\"host\\": \\"$(hostname)\\", \\"boot\\": null, \\"namespace\\": null}"`,
    ...exports,
    ...(setup === null ? [] : [setup]),
    `ask() { printf '{"want": "%s"}\\n' "$1" >../control.json.new && mv ../control.json.new ../control.json; }`,
    'ask run',
    'rm -f exit-code.txt',
    'again=',
    `trap 'ask stop' TERM`,
    `trap 'again=1; ask stop' USR1`,
    `(trap '' TERM USR1; exec ${nodes > 1 ? 'srun ' : ''}${line}) &`,
    'child=$!',
    // A signal interrupts `wait`.
    'while kill -0 "$child" 2>/dev/null; do wait "$child"; done',
    'wait "$child"; code=$?',
    'echo "$code" >exit-code.txt',
  ];
}

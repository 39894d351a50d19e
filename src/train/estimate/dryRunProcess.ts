import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { errorCode, errorMessage } from '../../base/pure/marginError';
import type { TrainConfig } from '../../run/types';
import { NumericTrouble } from '../numericTrouble';
import { dryRun } from './dryRun';
import type { DryRunMessage } from './types';

/**
 * The process of a dry run: a TrainConfig as a line of input, {@link DryRunMessage}s as lines of output. Ends when its
 * input does, for then nobody waits for it any more. Exit code 0: done, 1: failed, with an `error` as the last line.
 */
export async function dryRunProcess(input: NodeJS.ReadStream, output: NodeJS.WriteStream): Promise<number> {
  await offerAsVictim();
  const lines = createInterface({ input });
  const [line] = (await once(lines, 'line')) as [string];
  lines.on('close', () => process.exit(1));
  const say = (message: DryRunMessage): Promise<void> =>
    new Promise((resolve, reject) =>
      output.write(`${JSON.stringify(message)}\n`, (error) => (error ? reject(error) : resolve())),
    );
  try {
    await dryRun(JSON.parse(line) as TrainConfig, say);
    return 0;
  } catch (error) {
    await say({ kind: 'error', ...told(error) });
    return 1;
  }
}

/**
 * Where memory runs out all the same, Linux ends the process that says so first, and no work is lost
 * (proc_pid_oom_score_adj(5)).
 */
async function offerAsVictim(): Promise<void> {
  // Elsewhere there is no such file; the memory is watched from outside in any case.
  await writeFile('/proc/self/oom_score_adj', '1000', { flag: 'r+' }).catch(() => undefined);
}

function told(error: unknown): { code: string; message: string } {
  if (error instanceof NumericTrouble)
    return {
      code: 'not-finite',
      message: `A step of the dry run met numbers that are none: ${error.message}. Lower learning_rate, or look at the rows.`,
    };
  const message = errorMessage(error);
  return { code: errorCode(error) ?? 'internal', message };
}

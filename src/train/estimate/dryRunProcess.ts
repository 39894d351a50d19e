import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { errorCode, errorMessage } from '../../base/pure/marginError';
import type { TrainConfig } from '../../run/types';
import { NumericTrouble } from '../numericTrouble';
import type { LoadRunRows } from '../runRows';
import { dryRun } from './dryRun';
import type { DryRunMessage } from './types';

/**
 * The process of a dry run. It reads a TrainConfig as one line of JSON and writes {@link DryRunMessage}s, one per line.
 * It ends when its input ends, because then nobody waits for it. Exit code 0: done; 1: failed, with an `error` as the
 * last line.
 */
export async function dryRunProcess(
  input: NodeJS.ReadStream,
  output: NodeJS.WriteStream,
  load: LoadRunRows,
): Promise<number> {
  await preferForOomKill();
  const lines = createInterface({ input });
  const [line] = (await once(lines, 'line')) as [string];
  lines.on('close', () => process.exit(1));
  const send = (message: DryRunMessage): Promise<void> =>
    new Promise((resolve, reject) =>
      output.write(`${JSON.stringify(message)}\n`, (error) => (error ? reject(error) : resolve())),
    );
  try {
    await dryRun(JSON.parse(line) as TrainConfig, send, load);
    return 0;
  } catch (error) {
    await send({ kind: 'error', ...describe(error) });
    return 1;
  }
}

/**
 * Asks Linux to kill this process first if memory runs out, because nothing is lost with it
 * (proc_pid_oom_score_adj(5)).
 */
async function preferForOomKill(): Promise<void> {
  // Other systems have no such file. The memory is watched from outside in any case.
  await writeFile('/proc/self/oom_score_adj', '1000', { flag: 'r+' }).catch(() => undefined);
}

function describe(error: unknown): { code: string; message: string } {
  if (error instanceof NumericTrouble)
    return {
      code: 'not-finite',
      message: `A step of the dry run has results that are not finite: ${error.message}. Lower learning_rate, or look at the rows.`,
    };
  const message = errorMessage(error);
  return { code: errorCode(error) ?? 'internal', message };
}

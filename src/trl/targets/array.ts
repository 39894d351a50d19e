import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, errorMessage, MarginError } from '../../base/pure/marginError';
import { at } from '../../base/pure/must';
import { currentState } from '../../run/find';
import { RunLock } from '../../run/lock';
import { writeState } from '../../run/folder';
import { refuseAlive, startingState } from '../../run/start';
import { runProgram } from './programs';
import { jobIn, prepareFiles, recordJob, refuseUnlessReady, type RunToSubmit, valuesOf } from './submit';
import { filled, filledCommand, filledLines, shellWord } from './template';
import type { ArrayTemplate, Target, TargetHandle } from './types';

/**
 * Submits several runs as one job of a target, such as the trials of a sweep. Each has its own handle, so it can be
 * asked about and canceled by itself; {@link ArrayFollower} follows all of them.
 *
 * @throws MarginError `target-no-array` if the target cannot, or if the runs need different numbers of machines; and
 *   those of {@link submitRun}
 */
export async function submitArray(runs: readonly RunToSubmit[], target: Target): Promise<TargetHandle[]> {
  const { array } = target.template;
  if (array === null) throw noArray(`The target ${target.name} takes one run at a time.`, target);
  if (runs.length === 0) return [];
  if (runs.some(({ job }) => job.nodes !== at(runs, 0).job.nodes))
    throw noArray('The runs of an array need the same num_machines.', target);
  for (const { folder } of runs) {
    await refuseUnlessReady(folder, target);
    await refuseAlive(folder);
  }
  const locks: RunLock[] = [];
  try {
    for (const { folder } of runs) locks.push(await RunLock.acquire(folder, 'starting'));
    return await submitted(runs, target, array);
  } finally {
    for (const lock of locks) lock.release();
  }
}

/** The state of a run says why it was not submitted. */
async function submitted(runs: readonly RunToSubmit[], target: Target, array: ArrayTemplate): Promise<TargetHandle[]> {
  try {
    return await send(runs, target, array);
  } catch (error) {
    const why = { code: errorCode(error) ?? 'target-command', message: errorMessage(error) };
    for (const { folder } of runs) await say(folder, { status: 'failed', error: why });
    throw error;
  }
}

async function say(folder: string, change: object = {}): Promise<void> {
  const { state } = await currentState(folder);
  writeState(folder, { ...startingState(state), ...change });
}

async function send(runs: readonly RunToSubmit[], target: Target, array: ArrayTemplate): Promise<TargetHandle[]> {
  const handles: TargetHandle[] = [];
  for (const { folder, job } of runs) {
    handles.push(await prepareFiles(folder, job, target));
    await say(folder);
  }
  const first = at(runs, 0);
  const folders = runs.map(({ folder }) => shellWord(valuesOf(folder, target, null)['folder'] ?? folder));
  const own = { runs: folders.join(' '), last: String(runs.length - 1), nodes: String(first.job.nodes) };
  const values = { ...valuesOf(first.folder, target, null), ...own };
  for (const [name, lines] of Object.entries(array.files))
    await writeFile(join(first.folder, 'trl', name), filledLines(lines, values), { mode: 0o755 });
  const job = jobIn(await runProgram(filledCommand(array.submit, values)), target);
  const recorded: TargetHandle[] = [];
  for (const [index, handle] of handles.entries()) {
    const id = filled(array.job, { job, index: String(index) });
    recorded.push(await recordJob(at(runs, index).folder, { ...handle, array: job }, id ?? job));
  }
  return recorded;
}

function noArray(message: string, { name }: Target): MarginError {
  return new MarginError('target-no-array', message, { name });
}

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MarginError } from '../../base/pure/marginError';
import { at } from '../../base/pure/must';
import { RunLock } from '../../run/lock';
import { writeState } from '../../run/folder';
import { refuseAlive } from '../../run/start';
import { newRunState } from '../../run/newRunState';
import { runProgram } from './programs';
import { jobIn, prepare, record, refuse, type RunToSubmit, valuesOf } from './submit';
import { filled, filledCommand, filledLines, shellWord } from './template';
import type { ArrayTemplate, Target, TargetHandle } from './types';

/**
 * Submits several runs as one job of a target, such as the trials of a sweep. Each has its own handle and is followed
 * and canceled by itself.
 *
 * @throws MarginError `target-no-array` if the target cannot, and those of {@link submitRun}
 */
export async function submitArray(runs: readonly RunToSubmit[], target: Target): Promise<TargetHandle[]> {
  const { array } = target.template;
  if (array === null)
    throw new MarginError('target-no-array', `The target ${target.name} takes one run at a time.`, {
      name: target.name,
    });
  if (runs.length === 0) return [];
  for (const { folder } of runs) {
    await refuse(folder, target);
    await refuseAlive(folder);
  }
  const locks: RunLock[] = [];
  try {
    for (const { folder } of runs) locks.push(await RunLock.acquire(folder, 'starting'));
    const handles: TargetHandle[] = [];
    for (const { folder, job } of runs) {
      handles.push(await prepare(folder, job, target));
      writeState(folder, newRunState());
    }
    return await submitted(runs, handles, target, array);
  } finally {
    for (const lock of locks) lock.release();
  }
}

async function submitted(
  runs: readonly RunToSubmit[],
  handles: readonly TargetHandle[],
  target: Target,
  array: ArrayTemplate,
): Promise<TargetHandle[]> {
  const first = at(runs, 0).folder;
  const folders = runs.map(({ folder }) => shellWord(valuesOf(folder, target, null)['folder'] ?? folder));
  const values = { ...valuesOf(first, target, null), runs: folders.join(' '), last: String(runs.length - 1) };
  for (const [name, lines] of Object.entries(array.files))
    await writeFile(join(first, 'trl', name), filledLines(lines, values), { mode: 0o755 });
  const job = jobIn(await runProgram(filledCommand(array.submit, values)), target);
  const recorded: TargetHandle[] = [];
  for (const [index, handle] of handles.entries()) {
    const id = filled(array.job, { job, index: String(index) });
    recorded.push(await record(at(runs, index).folder, handle, id ?? job));
  }
  return recorded;
}

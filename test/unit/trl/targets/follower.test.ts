import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, it, vi } from 'vitest';
import { createRunFolder, readState, runPaths, writeControl, writeState } from '../../../../src/run/folder';
import { newRunState } from '../../../../src/run/newRunState';
import { findTarget } from '../../../../src/trl/targets/findTargets';
import { followJob } from '../../../../src/trl/targets/follow';
import { Follower } from '../../../../src/trl/targets/follower';
import { newHandle, writeHandle } from '../../../../src/trl/targets/handle';
import { cancelJob } from '../../../../src/trl/targets/job';
import { trust } from '../../../../src/trl/targets/trust';
import { runConfig } from '../../run/samples';
import { temporaryFolder } from '../../run/temporaryFolder';

/** Prints the next word of a file; the last one again and again. */
const nextWord = `
const fs = require('node:fs');
const [word, ...rest] = fs.readFileSync(process.argv[1], 'utf8').split(' ');
if (rest.length > 0) fs.writeFileSync(process.argv[1], rest.join(' '));
console.log(word);
`;

beforeEach(async () => void vi.stubEnv('XDG_CACHE_HOME', await temporaryFolder()));

/** Follows a run whose target says one word after another. @returns the lines of the log */
async function followed(words: string): Promise<string[]> {
  const folder = await createRunFolder(await temporaryFolder(), runConfig());
  const path = join(folder, 'words.txt');
  await writeFile(path, words);
  const slurm = await findTarget(folder, 'slurm');
  const template = { ...slurm.template, status: [process.execPath, '-e', nextWord, path], poll: 0.01 };
  await trust({ ...slurm, template });
  await writeControl(folder, { want: 'run' });
  await writeHandle(folder, { ...newHandle({ ...slurm, template }), job: '7' });
  const log: string[] = [];
  await followJob(folder, (line) => log.push(line.replace('job 7: ', '')));
  return log;
}

it('a job that looks ended while it is requeued is followed on', async () => {
  expect(await followed('RUNNING FAILED PENDING RUNNING COMPLETED')).toEqual([
    'RUNNING',
    'PENDING',
    'RUNNING',
    'COMPLETED',
  ]);
}, 60_000);

it('a job that stays ended is ended', async () => {
  expect(await followed('PENDING RUNNING NODE_FAIL')).toEqual(['PENDING', 'RUNNING', 'NODE_FAIL']);
}, 60_000);

it('a run is alive while its job begins and has not written a state yet', async () => {
  const folder = await createRunFolder(await temporaryFolder(), runConfig());
  await writeControl(folder, { want: 'run' });
  writeState(folder, { ...newRunState(), heartbeat: 0 });
  const handle = { ...newHandle(await findTarget(folder, 'slurm')), job: '7' };
  await writeHandle(folder, handle);
  await new Follower(folder, () => undefined, process.pid).take(handle, { phase: 'running', word: 'RUNNING' });
  expect(await readState(folder)).toMatchObject({ status: 'starting', pid: process.pid });
  expect((await readState(folder))?.heartbeat).toBeGreaterThan(0);
});

it.each([
  ['that waited was canceled before it began', '7', 'waiting', 0, 'stopped'],
  ['that trained when it was seen last has failed', '7', 'running', 0, 'failed'],
  ['whose trainer has begun meanwhile has failed', '7', 'waiting', 4321, 'failed'],
  ['that is no task of an array has failed', null, 'waiting', 0, 'failed'],
] as const)('a job that its target does not know any more and %s', async (_, array, phase, pid, status) => {
  const folder = await createRunFolder(await temporaryFolder(), runConfig());
  await writeControl(folder, { want: 'run' });
  writeState(folder, { ...newRunState(), pid });
  const handle = { ...newHandle(await findTarget(folder, 'slurm')), array, job: '7_1', phase };
  await writeHandle(folder, handle);
  const follower = new Follower(folder, () => undefined, 0);
  // An end that the trainer did not write is looked at twice.
  for (const _look of [1, 2]) await follower.take(handle, { phase: 'gone', word: '' });
  expect(await readState(folder)).toMatchObject({ status });
});

it('a job that is cancelled gets a request to stop, not the older request to run', async () => {
  const folder = await createRunFolder(await temporaryFolder(), runConfig());
  const slurm = await findTarget(folder, 'slurm');
  const print = (text: string): readonly string[] => [process.execPath, '-e', `console.log(${JSON.stringify(text)})`];
  const copy = `fs.copyFileSync(${JSON.stringify(runPaths.control(folder))}, ${JSON.stringify(join(folder, 'there.json'))})`;
  const control = [[process.execPath, '-e', copy]];
  const target = { ...slurm, template: { ...slurm.template, cancel: print('cancelled'), control } };
  await trust(target);
  await writeControl(folder, { want: 'run' });
  const handle = { ...newHandle(target), job: '7', phase: 'running' as const };
  await writeHandle(folder, handle);
  await cancelJob(folder);
  await new Follower(folder, () => undefined, process.pid).take(handle, { phase: 'running', word: 'RUNNING' });
  expect(JSON.parse(await readFile(join(folder, 'there.json'), 'utf8'))).toEqual({ want: 'stop' });
}, 60_000);

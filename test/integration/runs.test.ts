import { deepEqual, ok } from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import { RunsModel } from '../../src/host/runs/runsModel';
import { RunsView } from '../../src/host/runs/runsView';
import { runConfig, runState } from '../unit/run/samples';
import { memento } from './memento';
import { until } from './until';

/** Longer than a busy machine needs to notice a new folder. */
const patienceMs = 30_000;
const margin = (cwd: string, ...args: readonly string[]) =>
  promisify(execFile)('node', [join(__dirname, '..', 'cli.js'), ...args], { cwd });

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

describe('the list of runs', () => {
  const root = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  const folder = join(root, 'with-runs');
  let output: vscode.LogOutputChannel;
  let model: RunsModel;
  const names = (): string[] =>
    model.runs.filter((run) => run.folder.startsWith(folder)).map(({ name, status }) => `${name} ${status}`);

  async function write(run: string, state: Parameters<typeof runState>[0]): Promise<void> {
    await mkdir(run, { recursive: true });
    await writeFile(join(run, 'config.json'), JSON.stringify(runConfig({ name: 'written' })));
    await writeFile(join(run, 'state.json'), JSON.stringify(runState(state)));
  }

  beforeEach(async () => {
    await mkdir(folder, { recursive: true });
    output = vscode.window.createOutputChannel('runs test', { log: true });
    model = new RunsModel(memento(), output);
    await model.ready();
  });
  afterEach(async () => {
    model.dispose();
    output.dispose();
    // A killed process may still write for a moment.
    await rm(folder, { recursive: true, maxRetries: 10, retryDelay: 200 });
  });

  it('shows a run that the command line starts in a folder without runs, without a refresh', async () => {
    await cp(join(__dirname, '..', '..', 'media', 'sample'), folder, { recursive: true });
    await rm(join(folder, '.margin'), { recursive: true, force: true });
    deepEqual(names(), []);
    try {
      for (const count of [1, 2]) {
        await margin(folder, 'train', 'sample.train.json', '--detach');
        await until(`${count} of the runs are listed`, () => names().length === count, patienceMs);
      }
    } finally {
      for (const { state } of model.runs) if (state !== null && state.pid > 0) endProcess(state.pid);
    }
  });

  it('follows a run from its folder to its end, and drops it when the folder is deleted', async () => {
    const run = join(folder, '.margin', 'runs', 'written');
    await write(run, { status: 'stopped' });
    await until('the run is listed', () => names().includes('written stopped'), patienceMs);
    await writeFile(join(run, '.state.json-1.tmp'), JSON.stringify(runState({ status: 'done' })));
    await rename(join(run, '.state.json-1.tmp'), join(run, 'state.json'));
    await until('its state is followed', () => names().includes('written done'), patienceMs);
    await rm(run, { recursive: true });
    await until('the run is gone', () => names().length === 0, patienceMs);
  });

  it('draws only the row of a run that has changed, and the whole list for a new run', async () => {
    const runs = join(folder, '.margin', 'runs');
    await write(join(runs, 'a'), { status: 'stopped', step: 1, steps: 9 });
    await write(join(runs, 'b'), { status: 'stopped', step: 1, steps: 9 });
    await until('the runs are listed', () => names().length === 2, patienceMs);
    const view = new RunsView(model);
    const row = (await view.getChildren()).find((one) => one.folder === join(runs, 'a'));
    ok(row !== undefined);
    const drawn: unknown[] = [];
    view.onDidChangeTreeData((rows) => drawn.push(rows));
    await write(join(runs, 'a'), { status: 'stopped', step: 2, steps: 9 });
    await until('the new step is shown', () => String(view.getTreeItem(row).description).includes('2/9'), patienceMs);
    ok(drawn.length > 0 && drawn.every((rows) => Array.isArray(rows) && rows.length === 1 && rows[0] === row));
    await write(join(runs, 'c'), { status: 'stopped' });
    await until('the list is drawn', () => drawn.includes(undefined), patienceMs);
    ok((await view.getChildren()).includes(row));
  });

  it('shows runs of a remembered folder outside of the workspace', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'margin-outside-'));
    const other = new RunsModel(memento({ outputDirs: [outside] }), output);
    try {
      await other.ready();
      // A watcher takes a moment to start, and a running trainer writes its state repeatedly.
      const isListed = (): boolean => other.runs.some((run) => run.folder === join(outside, 'far'));
      await until(
        'the run is listed',
        () => isListed() || write(join(outside, 'far'), { status: 'stopped' }).then(isListed),
        patienceMs,
      );
    } finally {
      other.dispose();
      await rm(outside, { recursive: true });
    }
  });

  it('shows a killed run as lost, although none of its files changes', async () => {
    const run = join(folder, '.margin', 'runs', 'killed');
    // The name of its folder among its arguments makes a process the run's trainer.
    const trainer = spawn('node', ['-e', 'setTimeout(() => {}, 60_000)', 'killed'], { stdio: 'ignore' });
    ok(trainer.pid !== undefined);
    try {
      await write(run, { status: 'running', pid: trainer.pid });
      await until('the run is listed', () => names().includes('written running'), patienceMs);
    } finally {
      trainer.kill('SIGKILL');
    }
    await until('the run is lost', () => names().includes('written lost'), patienceMs);
  });
});

import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { basename, delimiter, dirname, join, relative } from 'node:path';
import { shortKey } from '../base/node/shortKey';
import { cacheFolder } from '../base/node/cacheFolder';
import { must } from '../base/pure/must';
import { isLiving } from '../run/alive';
import { askRunAndWait } from '../run/control';
import { endScoring } from '../run/endScoring';
import { findRuns, lastRewardStep, readRun, rewardSteps } from '../run/find';
import { runPaths } from '../run/folder';
import type { PairReward } from '../run/types';
import { firstViewExtension, writeFirstSettings } from './workbench/firstView';
import { installWorkbench } from './workbench/install';
import { serve } from './workbench/serve';

const root = join(__dirname, '..');
/** The terminal and npm both deliver a Ctrl+C: signals this close together count as one. */
const oneSignalMs = 500;

/** `npm start [-- --headless]`: trains on the sample, reports what the model learnt, opens the sample in VS Code. */
async function main(args: readonly string[]): Promise<number> {
  const unknown = args.find((arg) => arg !== '--headless');
  if (unknown !== undefined) {
    console.error(`Unknown option ${unknown}. Usage: npm start [-- --headless]`);
    return 2;
  }
  const folder = copySample();
  const config = join(folder, 'sample.train.json');
  console.log(`Training the sample, ${relative(process.cwd(), config)}`);
  const code = await train(config);
  if (code !== 0) return code;
  await reportLearnt(folder);
  if (args.includes('--headless')) return 0;
  return (await openOnDesktop(folder)) ? 0 : openInBrowser(folder);
}

/** Copies the sample to .margin, one copy for each version of it: edits there leave the checkout unchanged. */
function copySample(): string {
  const source = join(root, 'media/sample');
  const made = ['prefs.jsonl', 'sample.train.json', 'model/model.safetensors'];
  const key = shortKey(
    made.map((file) => readFileSync(join(source, file))),
    8,
  );
  const folder = join(root, '.margin', `sample-${key}`);
  if (!existsSync(folder))
    cpSync(source, folder, { recursive: true, filter: (path) => !['make', '.margin'].includes(basename(path)) });
  return folder;
}

/** Runs `margin train` in this terminal. Ctrl+C makes it save and stop. */
function train(config: string): Promise<number> {
  const child = spawn(process.execPath, [join(root, 'dist/cli.js'), 'train', config], {
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: process.platform !== 'win32',
  });
  const off = onSignal(() => child.kill('SIGINT'));
  return exitCode(child).then((code) => {
    const interrupted = off();
    return interrupted ? 130 : code;
  });
}

function exitCode(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => child.on('error', reject).on('close', (code) => resolve(code ?? 1)));
}

/**
 * Calls `act` on every Ctrl+C or termination.
 *
 * @returns a function that stops this and returns whether there was a signal
 */
function onSignal(act: () => void): () => boolean {
  let last = 0;
  const handle = () => {
    if (Date.now() - last > oneSignalMs) act();
    last = Date.now();
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, handle);
  return () => {
    for (const signal of signals) process.off(signal, handle);
    return last > 0;
  };
}

async function newestRun(folder: string): Promise<string | undefined> {
  const { runs } = await findRuns([join(folder, '.margin/runs')]);
  return runs[0]?.folder;
}

/** Prints which pairs the newest run's model disagrees with. `margin train` has scored them all. */
async function reportLearnt(folder: string): Promise<void> {
  const run = await newestRun(folder);
  const step = run ? lastRewardStep(await rewardSteps(run), await readRun(run)) : undefined;
  if (run === undefined || step === undefined) return;
  const lines = readFileSync(runPaths.rewards(run, step), 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  const rewards = lines.map((line) => JSON.parse(line) as PairReward);
  const disagree = rewards.filter(({ margin }) => margin < 0).sort((a, b) => a.margin - b.margin);
  console.log(
    `\nThe trained model agrees with ${rewards.length - disagree.length} of ${rewards.length} pairs. It prefers the rejected answer of ${disagree.length}, strongest first:`,
  );
  const file = relative(process.cwd(), join(folder, 'prefs.jsonl'));
  for (const { line, margin } of disagree.slice(0, 20))
    console.log(`  ${file}:${String(line).padEnd(5)} reward margin ${margin.toFixed(2)}`);
  if (disagree.length > 20) console.log(`  … and ${disagree.length - 20} more`);
}

/** Opens desktop VS Code with the extension of this checkout. @returns false if there is no `code` on the PATH */
async function openOnDesktop(folder: string): Promise<boolean> {
  const windows = process.platform === 'win32';
  const found = must(process.env['PATH'], 'PATH')
    .split(delimiter)
    .map((path) => join(path, windows ? 'code.cmd' : 'code'))
    .find(existsSync);
  if (found === undefined) return false;
  console.log('\nOpening VS Code');
  const extensions = [root, firstViewExtension(__dirname)].map((path) => `--extensionDevelopmentPath=${path}`);
  await exitCode(spawn(found, [...extensions, folder], { stdio: 'inherit', shell: windows }));
  return true;
}

async function openInBrowser(folder: string): Promise<number> {
  const workbench = await installWorkbench(console.log, __dirname);
  const dataFolder = join(cacheFolder(), 'server');
  writeFirstSettings(dataFolder, folder);
  const extensions = { 'margin.margin-checkout': root, 'margin.margin-first-view': firstViewExtension(__dirname) };
  const server = await serve(workbench, { dataFolder, linkExtensions: extensions });
  console.log(`\nVS Code with Margin: ${server.url(folder)}\nCtrl+C ends it.`);
  const interrupted = new Promise<void>((resolve) => onSignal(resolve));
  await Promise.race([interrupted, server.closed]);
  await Promise.all([server.stop(), stopRuns(folder)]);
  return 0;
}

/** Saves and stops every run of the sample, and its scoring: a run outlives its window, but not this Ctrl+C. */
async function stopRuns(folder: string): Promise<void> {
  const { runs } = await findRuns([join(folder, '.margin/runs')]);
  const living = runs.filter(({ status }) => isLiving(status));
  const scored = runs.filter(({ scoring }) => scoring?.status === 'running');
  await Promise.all([
    ...living.map((run) => askRunAndWait(run.folder, 'stop', 20_000)),
    ...scored.map((run) => endScoring(run.folder)),
  ]);
  for (const run of [...living, ...scored])
    console.log(`Saved and stopped ${basename(dirname(run.folder))}/${run.name}`);
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);

import { open, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { statOrNull } from '../../base/node/statOrNull';
import { inTurns } from '../../base/pure/inTurns';
import { at } from '../../base/pure/must';
import { checkpointSteps, readRun } from '../../run/find';
import { browse, type Choice, openOne, pickOne } from '../quickSteps';
import type { RunsModel } from '../runs/runsModel';

/** A run whose model scores a pair, or a file with rewards of tokens. */
export interface ChosenSource {
  readonly kind: 'run' | 'file';
  readonly path: string;
}

const title = 'Margin: Show Token Rewards';
/** The most runs and files that are offered, the newest first. */
const mostOffered = 20;
/** How many runs or files are read at the same time. */
const atOnce = 8;
/** `beta` stands before the tokens of the first answer. */
const headBytes = 512;

/**
 * Asks where the rewards of tokens come from: a file, or a run if there is a pair to score. Runs on its dataset are
 * first.
 *
 * @param dataset the file of the pair; null without one
 * @returns null if the person closed the list or dialog
 */
export async function askTokenSource(runs: RunsModel, dataset: string | null): Promise<ChosenSource | null> {
  const folders = [...(dataset === null ? [] : [dirname(dataset)]), ...workspaceFolders()];
  const choices: Choice<ChosenSource | 'browse'>[] = [
    ...(dataset === null ? [] : await runChoices(runs, dataset)),
    ...(await fileChoices(folders)),
    { ...browse<'browse'>('browse'), detail: 'A file that margin score --per_token --out wrote' },
  ];
  const placeHolder = dataset === null ? 'File with rewards of tokens' : 'Run that scores the pair, or file of rewards';
  const answer = await pickOne(choices, { title, placeHolder, matchOnDescription: true });
  if (!answer) return null;
  if (answer.value !== 'browse') return answer.value;
  const file = await openOne(title, { filters: { Rewards: ['jsonl'] } });
  return file && { kind: 'file', path: file.fsPath };
}

const workspaceFolders = (): string[] => (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);

async function runChoices(runs: RunsModel, dataset: string): Promise<Choice<ChosenSource>[]> {
  const listed = (await runs.ready()).slice(0, mostOffered);
  const found = await inTurns(listed, atOnce, async ({ folder, name }) => {
    // The Runs view shows why a run cannot be read; here it is not offered.
    const run = await readRun(folder).catch(() => null);
    const step = (await checkpointSteps(folder)).at(-1);
    if (!run || step === undefined) return [];
    const isOwn = run.config.config.train_file === dataset;
    const description = [`step ${step}`, ...(isOwn ? ['trained on this file'] : [])].join(' · ');
    const value = { kind: 'run' as const, path: folder };
    return [{ isOwn, choice: { label: name, description, detail: vscode.workspace.asRelativePath(folder), value } }];
  });
  const all = found.flat();
  return [...all.filter(({ isOwn }) => isOwn), ...all.filter(({ isOwn }) => !isOwn)].map(({ choice }) => choice);
}

/** The files in `.margin/scores` of some folders that have rewards of tokens, newest first. */
async function fileChoices(folders: readonly string[]): Promise<Choice<ChosenSource>[]> {
  const places = [...new Set(folders.map((folder) => join(folder, '.margin', 'scores')))];
  // A folder without scores has none to offer.
  const names = await Promise.all(places.map((place) => readdir(place).catch((): string[] => [])));
  const paths = places.flatMap((place, i) => at(names, i).map((name) => join(place, name)));
  const files = await inTurns(
    paths.filter((path) => path.endsWith('.jsonl')),
    atOnce,
    async (path) => {
      const found = await statOrNull(path);
      return found?.isFile() && (await hasTokens(path)) ? [{ path, time: found.mtimeMs }] : [];
    },
  );
  const newest = files.flat().sort((a, b) => b.time - a.time);
  return newest.slice(0, mostOffered).map(({ path, time }) => ({
    label: basename(path),
    description: `rewards of tokens · ${new Date(time).toLocaleString(vscode.env.language)}`,
    detail: vscode.workspace.asRelativePath(path),
    value: { kind: 'file', path },
  }));
}

/** Whether the first line of a file has rewards of tokens. A file that cannot be read is not offered. */
async function hasTokens(path: string): Promise<boolean> {
  const file = await open(path).catch(() => null);
  if (!file) return false;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return buffer.subarray(0, bytesRead).includes('"beta":');
  } finally {
    await file.close();
  }
}

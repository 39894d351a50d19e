import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { fileError } from '../../base/node/fileError';
import type { ComparedRun, UnreadableRun } from '../../run/compared/comparedRun';
import { RunCurves } from '../../run/compared/runCurves';
import { comparedTracked } from '../../trackers/comparedTracked';
import { readTrackedRuns } from '../../trackers/trackers';
import type { TrackedRun } from '../../trackers/trackedRun';
import { openOne, pickOne } from '../quickSteps';
import { nameOfPath } from './shownRuns';

/** Key of the workspace's memory. */
const keptPaths = 'otherRuns';
/** Files are read again when they were read this many milliseconds ago: a run may still be logging. */
const staleMs = 5000;
/** Most files that are looked for in the workspace. */
const mostFound = 100;

interface Read {
  readonly at: number;
  readonly runs: readonly TrackedRun[];
  readonly error: UnreadableRun | null;
}

/** The runs of TRL, TensorBoard and Trackio that a person has added to the comparison. Only their paths are kept. */
export class OtherRuns {
  private readonly known = new Map<string, Promise<Read>>();
  private readonly curves = new Map<string, RunCurves>();

  constructor(private readonly memory: vscode.Memento) {}

  /** The added runs, and the paths that cannot be read. */
  async read(): Promise<{ readonly runs: readonly ComparedRun[]; readonly unreadable: readonly UnreadableRun[] }> {
    const found = await Promise.all(this.paths.map((path) => this.one(path)));
    const runs = found.flatMap((one) => one.runs);
    this.curves.clear();
    const compared = runs.map((run) => {
      const row = comparedTracked(run);
      this.curves.set(row.folder, new RunCurves(run));
      return row;
    });
    return { runs: compared, unreadable: found.flatMap(({ error }) => error ?? []) };
  }

  /** The points of a run; null if it is not one of these. */
  curvesOf(folder: string): RunCurves | null {
    return this.curves.get(folder) ?? null;
  }

  /** Asks for a file or folder and adds its runs. @returns whether one was added */
  async add(): Promise<boolean> {
    const found = (await foundPaths()).filter(({ path }) => path === null || !this.paths.includes(path));
    const picked = await pickOne([...found, ...askedPaths], {
      title: 'Margin: Add Runs of Other Programs',
      ignoreFocusOut: true,
      matchOnDescription: true,
      placeHolder: 'Their points and settings stand beside Margin’s own runs',
    });
    if (!picked) return false;
    const options = { canSelectFolders: !picked.isFile, canSelectFiles: picked.isFile, openLabel: 'Add' };
    const path = picked.path ?? (await openOne('Margin: Add Runs of Other Programs', options))?.fsPath;
    if (path === undefined) return false;
    await this.keep([...new Set([...this.paths, path])]);
    return true;
  }

  /** Takes the file or folder of a run out of the comparison. Its files stay. */
  async remove(folder: string): Promise<void> {
    const kept: string[] = [];
    for (const path of this.paths) {
      const { runs, error } = await this.one(path);
      const has = error?.folder === folder || runs.some((run) => comparedTracked(run).folder === folder);
      if (!has) kept.push(path);
    }
    await this.keep(kept);
  }

  private get paths(): readonly string[] {
    return this.memory.get<readonly string[]>(keptPaths) ?? [];
  }

  private async keep(paths: readonly string[]): Promise<void> {
    await this.memory.update(keptPaths, paths);
    for (const path of this.known.keys()) if (!paths.includes(path)) this.known.delete(path);
  }

  private async one(path: string): Promise<Read> {
    const known = await this.known.get(path);
    if (known && Date.now() - known.at < staleMs) return known;
    const reading = readTrackedRuns(path).then(
      (runs): Read => ({ at: Date.now(), runs, error: null }),
      (error: unknown): Read => {
        const problem = { folder: path, name: nameOfPath(path), error: fileError(error, 'read', path) };
        return { at: Date.now(), runs: [], error: problem };
      },
    );
    this.known.set(path, reading);
    return reading;
  }
}

/** A place of runs, or null for one that the system's dialog asks for. */
interface PathItem {
  readonly label: string;
  readonly description: string;
  readonly path: string | null;
  readonly isFile: boolean;
}

const askedPaths: readonly PathItem[] = [
  {
    label: 'Choose a Folder…',
    path: null,
    isFile: false,
    description: 'An output_dir of TRL, or a log folder of TensorBoard',
  },
  {
    label: 'Choose a File…',
    path: null,
    isFile: true,
    description: 'A database of Trackio, an event file, or trainer_state.json',
  },
];

/** Folders with runs in the workspace, and the folder of Trackio. */
async function foundPaths(): Promise<readonly PathItem[]> {
  const globs = ['**/trainer_state.json', '**/*tfevents*'];
  const find = (glob: string): Thenable<vscode.Uri[]> =>
    vscode.workspace.findFiles(glob, '**/node_modules/**', mostFound);
  const [states = [], logs = []] = await Promise.all(globs.map(find));
  const folders = new Map<string, string>();
  // An output_dir is above its checkpoints.
  for (const { fsPath } of states) folders.set(dirname(fsPath).replace(/[/\\]checkpoint-\d+$/, ''), 'TRL');
  for (const { fsPath } of logs) folders.set(dirname(fsPath), 'TensorBoard');
  const { TRACKIO_DIR: own, HF_HOME: hub = join(homedir(), '.cache', 'huggingface') } = process.env;
  const trackio = own ?? join(hub, 'trackio');
  if (existsSync(trackio)) folders.set(trackio, 'Trackio');
  return [...folders].map(([path, program]) => ({
    label: nameOfPath(path),
    description: `${program} · ${path}`,
    path,
    isFile: false,
  }));
}

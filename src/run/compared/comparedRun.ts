import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileError } from '../../base/node/fileError';
import { inTurns } from '../../base/pure/inTurns';
import type { MarginError } from '../../base/pure/marginError';
import { damagedLines } from '../eventLines';
import { type FoundRun, readRun } from '../find';
import { runPaths } from '../folder';
import { noNotes, readNotes, type RunNotes } from '../notes';
import type { RunConfig } from '../types';
import { endMetrics, type EndMetrics } from './endMetrics';

/** What a table of runs knows of one. */
export interface ComparedRun extends Pick<FoundRun, 'folder' | 'name' | 'state' | 'scoring'> {
  /** `logged`: another program logged it, and its files do not say whether it still runs. */
  readonly status: FoundRun['status'] | 'logged';
  /** Milliseconds since 1970; null: not known. */
  readonly created: number | null;
  /** Optimizer steps so far; null: it has not started. */
  readonly step: number | null;
  /** Null: another program logged the run, see `src/trackers`. */
  readonly config: RunConfig | null;
  /** The program that logged the run, for people; null: Margin. */
  readonly program: string | null;
  /** The keys of its config that are known. Of another program's run only those that its files state. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly notes: RunNotes;
  readonly metrics: EndMetrics;
  /** Whether rows are held out or an `eval_file` is given: only then there are evaluations. */
  readonly evaluates: boolean;
  /** A sentence for each file of it that cannot be read. */
  readonly remarks: readonly string[];
}

/** A folder that looks like a run and cannot be read: damaged, of a newer Margin, or deleted meanwhile. */
export interface UnreadableRun {
  readonly folder: string;
  readonly name: string;
  readonly error: MarginError;
}

const noMetrics: EndMetrics = { first: {}, last: {}, seconds: 0, damaged: 0 };
/** Runs read at a time. */
const atOnce = 8;

/**
 * Reads the numbers of a run for a table. It is the only source of a run's numbers there.
 *
 * @throws MarginError as {@link readRun}. Damaged notes and events hide only themselves, and are named in `remarks`.
 */
export async function readComparedRun(folder: string): Promise<ComparedRun> {
  const { name, status, state, created, scoring, config, remarks } = await readRun(folder);
  const found = [...remarks];
  const remember = (error: unknown): void => void found.push(fileError(error, 'read', folder).message);
  const { test_split_size: part, eval_file: file } = config.config;
  const evaluates = part > 0 || file !== null;
  const notes = await readNotes(folder).catch((error: unknown) => (remember(error), noNotes));
  const metrics = await endMetrics(folder, evaluates).catch((error: unknown) => (remember(error), noMetrics));
  if (metrics.damaged > 0) found.push(damagedLines(runPaths.events(folder), metrics.damaged));
  return {
    folder,
    name,
    status,
    state,
    created,
    scoring,
    config,
    program: null,
    settings: { ...config.config },
    step: state && state.step,
    notes,
    metrics,
    evaluates,
    remarks: found,
  };
}

/** Reads runs, and again only those whose files have changed. */
export class ComparedRuns {
  private readonly known = new Map<string, { readonly stamp: string; readonly run: ComparedRun }>();

  /** The runs of some folders, in their order, without those that cannot be read. */
  async read(
    folders: readonly string[],
  ): Promise<{ readonly runs: readonly ComparedRun[]; readonly unreadable: readonly UnreadableRun[] }> {
    const found = await inTurns(folders, atOnce, (folder) => this.one(folder));
    for (const folder of this.known.keys()) if (!folders.includes(folder)) this.known.delete(folder);
    const runs = found.flatMap((one) => ('error' in one ? [] : one));
    return { runs, unreadable: found.flatMap((one) => ('error' in one ? one : [])) };
  }

  private async one(folder: string): Promise<ComparedRun | UnreadableRun> {
    const known = this.known.get(folder);
    try {
      const stamp = await stampOf(folder);
      // Whether the process of a living run still exists is in no file.
      if (known?.stamp === stamp && !isUncertain(known.run)) return known.run;
      const run = await readComparedRun(folder);
      this.known.set(folder, { stamp, run });
      return run;
    } catch (error) {
      return { folder, name: known?.run.name ?? basename(folder), error: fileError(error, 'read', folder) };
    }
  }
}

function isUncertain({ status, scoring }: ComparedRun): boolean {
  const isEnded = status === 'done' || status === 'stopped' || status === 'failed';
  return !isEnded || scoring?.status === 'running';
}

/** Changes when a file does from which {@link readComparedRun} reads. */
async function stampOf(folder: string): Promise<string> {
  const { config, state, events, notes, control } = runPaths;
  const files = [config, state, events, notes, control].map((path) => path(folder));
  const stamps = await Promise.all(
    files.map((path) =>
      stat(path).then(
        ({ size, mtimeMs }) => `${size} ${mtimeMs}`,
        () => '',
      ),
    ),
  );
  return stamps.join(',');
}

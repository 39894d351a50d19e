import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EventWriter, readAllEvents } from '../../../src/run/events';
import { readRunConfig, readState, runPaths } from '../../../src/run/folder';
import type { RunConfig, RunEvent, TrainConfig } from '../../../src/run/types';
import { type PairVisit, readVisits } from '../../../src/run/visits';
import { RunReporter } from '../../../src/train/reporter';
import { loadRunRows, type LoadRunRows } from '../../../src/train/runRows';
import { runTrainer } from '../../../src/train/runTrainer';
import { scoreRun } from '../../../src/train/scoreRun';
import { ScoringReporter } from '../../../src/train/scoringReporter';
import { runConfig } from '../run/samples';
import { temporaryFolder } from '../run/temporaryFolder';

/** A run folder with its config.json and nothing else. */
export async function runFolder(config: TrainConfig, change: Partial<RunConfig> = {}): Promise<string> {
  const folder = await temporaryFolder();
  await writeFile(runPaths.config(folder), JSON.stringify(runConfig({ config, ...change })));
  return folder;
}

export interface RunOptions {
  readonly resume?: boolean;
  /**
   * Called before each step: true stops the run; if it throws, the run ends almost as after kill -9, but in this
   * process.
   */
  readonly stopping?: () => boolean;
  /** Folder of reference log-probs; the run has its own if left out. */
  readonly cache?: string;
  /** False: when the run is done, its pairs are not scored. */
  readonly scores?: boolean;
  /** False draws no samples. */
  readonly samples?: boolean;
}

/** For tests that check only the steps. */
export const onlySteps = { samples: false, scores: false } satisfies RunOptions;

/**
 * Trains in this process, as the trainer's main does, and scores the pairs when the run is done. @returns all events in
 * the folder
 */
export async function train(
  folder: string,
  { resume = false, stopping = () => false, cache, scores = true, samples = true }: RunOptions = {},
): Promise<readonly RunEvent[]> {
  const asked = await readRunConfig(folder);
  const events = new EventWriter(folder);
  const reporter = new RunReporter(folder, events, () => undefined);
  try {
    const load = samples ? loadRunRows : loadWithoutPrompts;
    const options = { resume, stopping, cache: cache ?? join(folder, 'cache'), load };
    const status = await runTrainer(folder, asked, reporter, options).catch((error: unknown) => {
      reporter.fail('test', String(error));
      throw error;
    });
    if (scores && status === 'done') await scoreEnded(folder, { cache });
  } finally {
    events.close();
  }
  return readAllEvents(folder);
}

/** Rows without prompts to draw samples for. */
const loadWithoutPrompts: LoadRunRows = async (request, onProgress) => {
  const { train, held, remarks } = await loadRunRows(request, onProgress);
  const prompts: typeof train.prompts = new Map();
  return { train: { ...train, prompts }, held: held && { ...held, prompts }, remarks };
};

/** Scores a run that ended, in this process as the trainer's main does. */
export async function scoreEnded(
  folder: string,
  {
    cache,
    signal = new AbortController().signal,
  }: { readonly cache?: string | undefined; readonly signal?: AbortSignal } = {},
): Promise<void> {
  const events = new EventWriter(folder);
  const reporter = new ScoringReporter(folder, events, () => undefined);
  try {
    await scoreRun(folder, await readRunConfig(folder), reporter, signal, cache ?? join(folder, 'cache'));
  } catch (error) {
    reporter.fail('test', String(error));
    throw error;
  } finally {
    events.close();
  }
}

/** Stops the run as a person would, after the step `step`. */
export function stopAfter(step: number): () => boolean {
  let asked = 0;
  return () => asked++ >= step;
}

/** Throws after the step `step`. */
export function dieAfter(step: number): () => boolean {
  const stopping = stopAfter(step);
  return () => {
    if (stopping()) throw new Error('killed');
    return false;
  };
}

/** Copies the folder of a run after the step `step`: the copy is what a kill -9 leaves at that moment. */
export function copyAfter(step: number, folder: string, copy: string): () => boolean {
  let asked = 0;
  return () => {
    if (asked++ !== step) return false;
    cpSync(folder, copy, { recursive: true });
    const events = runPaths.events(copy);
    writeFileSync(events, readFileSync(events, 'utf8').replaceAll(folder, copy));
    return false;
  };
}

/**
 * The parts of a run folder that are the same for two equal runs: the bytes of the last checkpoint, the events without
 * times, the names of files, the best evaluation, the visits, and the rewards at the end.
 */
export async function outcome(folder: string, steps: number): Promise<unknown> {
  const end = runPaths.checkpoint(folder, steps);
  const files = await Promise.all(
    (await readdir(end)).sort().map(async (name) => [name, (await readFile(join(end, name))).toString('base64')]),
  );
  // A process that resumes a run writes its remarks again.
  const events = (await readAllEvents(folder))
    .filter(({ kind }) => kind !== 'note')
    .map((event) => JSON.stringify({ ...event, t: 0 }).replaceAll(folder, ''));
  const { best } = (await readState(folder)) ?? {};
  const left = await Promise.all(
    ['.', 'checkpoints', 'rewards'].map(async (name) => (await readdir(join(folder, name))).sort()),
  );
  const visits: PairVisit[] = [];
  await readVisits(folder, (visit) => visits.push(visit));
  return {
    files,
    events,
    left,
    best,
    visits,
    rewards: await readFile(runPaths.rewards(folder, best?.step ?? steps), 'utf8'),
  };
}

export type MetricsEvent = Extract<RunEvent, { kind: 'train' | 'eval' }>;

export const ofKind = (events: readonly RunEvent[], kind: 'train' | 'eval'): MetricsEvent[] =>
  events.flatMap((event) => (event.kind === kind ? [event] : []));

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EventWriter, readAllEvents } from '../../../src/run/events';
import { readRunConfig, runPaths } from '../../../src/run/folder';
import type { RunConfig, RunEvent, TrainConfig } from '../../../src/run/types';
import { RunReporter } from '../../../src/train/reporter';
import { runTrainer } from '../../../src/train/runTrainer';
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
  /** Asked before each step: true stops, a throw is the nearest thing to kill -9 that leaves this process alive. */
  readonly stopping?: () => boolean;
  /** Of reference log-probs; by default the run has its own. */
  readonly cache?: string;
}

/** Trains in this process as the trainer's main does, and gives back all that the folder then tells. */
export async function train(folder: string, { resume = false, stopping = () => false, cache }: RunOptions = {}): Promise<readonly RunEvent[]> {
  const asked = await readRunConfig(folder);
  const events = new EventWriter(folder);
  const reporter = new RunReporter(folder, events, () => undefined);
  try {
    await runTrainer(folder, asked, resume, reporter, stopping, cache ?? join(folder, 'cache'));
  } catch (error) {
    reporter.fail('test', String(error));
    throw error;
  } finally {
    events.close();
  }
  return readAllEvents(folder);
}

/** Stops as a person would, before the step after `step`. */
export function stopAfter(step: number): () => boolean {
  let asked = 0;
  return () => asked++ >= step;
}

/** Dies before the step after `step`. */
export function dieAfter(step: number): () => boolean {
  const stopping = stopAfter(step);
  return () => {
    if (stopping()) throw new Error('killed');
    return false;
  };
}

export type MetricsEvent = Extract<RunEvent, { kind: 'train' | 'eval' }>;

export const ofKind = (events: readonly RunEvent[], kind: 'train' | 'eval'): MetricsEvent[] => events.flatMap((event) => (event.kind === kind ? [event] : []));

import { access } from 'node:fs/promises';
import { MarginError } from '../base/pure/marginError';
import { openLazily, openScoreSession } from '../engine/scoreSession';
import type { ScoreSession, SessionOptions } from '../engine/types';
import { withWeightCheck } from '../model/finite';
import { openTokenizer } from '../model/tokenizer';
import { unchangedFingerprints, openCachedReference } from '../reward/cachedReference';
import { stepReference } from '../reward/stepReference';
import type { RowStore } from '../reward/rowStore';
import type { Reference } from '../reward/scorePairs';
import { readAllEvents } from '../run/events';
import { checkpointSteps } from '../run/find';
import { readState, runPaths } from '../run/folder';
import { endStep, readScoring, stepsToScore } from '../run/scoring';
import type { RunConfig } from '../run/types';
import { readCheckpointReference } from './checkpointReference';
import { ModelRecord } from './modelRecord';
import { openBase, type Base } from './openBase';
import { loadRows } from './loadRows';
import { policyOf, referenceOf, startOf } from './savedModel';
import type { ScoringReporter } from './scoringReporter';
import { heldOut } from './split';
import { keepsPlainSums } from './trainers';
import { writeRewards } from './writeRewards';

/**
 * Scores every pair that a run trained on with the model that it ended on, and with the one that it started from where
 * that is not its reference. Goes on where an earlier scoring stopped. The run itself is over: nothing that happens
 * here changes how it ended.
 *
 * @param signal ends it between two batches
 * @param cache folder of reference log-probs, shared by all runs
 */
export async function scoreRun(
  folder: string,
  asked: RunConfig,
  reporter: ScoringReporter,
  signal: AbortSignal,
  cache: string,
): Promise<void> {
  const step = endStep(asked.config, await readState(folder), await checkpointSteps(folder));
  if (step === null)
    throw new MarginError(
      'no-checkpoint',
      `${folder} has no checkpoint, so there is no model to score with. Resume the run first.`,
      { folder },
    );
  reporter.begin(step, await readScoring(folder, asked.config, step));
  const base = await openBase(asked.config);
  const rows = await loadTrained(folder, base, signal);
  if (rows === null) return reporter.end(false);
  try {
    const whole = await withWeightCheck([base.checkpoint], () =>
      scoreSteps({ folder, base, rows, reporter, signal, cache: base.isFound ? null : cache, asked }, step),
    );
    reporter.end(whole);
  } finally {
    await rows.close();
  }
}

interface Work {
  readonly folder: string;
  readonly base: Base;
  readonly rows: RowStore;
  readonly reporter: ScoringReporter;
  readonly signal: AbortSignal;
  /** null: the run's fingerprints do not cover its base. */
  readonly cache: string | null;
  readonly asked: RunConfig;
}

/** The rows that the run trained on, as their file is now; null where `signal` ended the reading. */
async function loadTrained(
  folder: string,
  { config, checkpoint }: Base,
  signal: AbortSignal,
): Promise<RowStore | null> {
  const tokenizer = await openTokenizer(checkpoint.folder, checkpoint.model.vocabSize);
  const maxLength = Math.min(config.max_length ?? Number.POSITIVE_INFINITY, checkpoint.model.maxPositions);
  const isHeld = heldOut(config.test_split_size, config.seed);
  const onProgress = async (): Promise<void> => signal.throwIfAborted();
  try {
    const { rows } = await loadRows(config.train_file, config, tokenizer, maxLength, {
      scratch: folder,
      onProgress,
      wants: (prompt) => !isHeld(prompt),
    });
    return rows;
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  }
}

/** @returns whether all is scored */
async function scoreSteps(work: Work, end: number): Promise<boolean> {
  const {
    folder,
    base: { config },
    rows,
    reporter,
    signal,
  } = work;
  const told = new Set(
    (await readAllEvents(folder)).flatMap((event) => (event.kind === 'rewards' ? [event.step] : [])),
  );
  const steps = stepsToScore(config, end);
  reporter.count(rows.count * steps.length);
  for (const [i, step] of steps.entries()) {
    const before = i * rows.count;
    const path = runPaths.rewards(folder, step);
    const there = await access(path).then(
      () => true,
      () => false,
    );
    if (!there && !(await scoreStep(work, step, end, (scored) => reporter.scored(before + scored)))) return false;
    if (signal.aborted) return false;
    reporter.scored(before + rows.count);
    // It may have died between the file and the word of it.
    if (!there || !told.has(step)) reporter.event({ t: Date.now(), step, kind: 'rewards', path });
  }
  return true;
}

async function scoreStep(
  work: Work,
  step: number,
  end: number,
  onProgress: (scored: number) => void,
): Promise<boolean> {
  const { folder, base, rows, signal } = work;
  const { beta, per_device_train_batch_size: batchSize } = base.config;
  const policy = await openScoreSession(step === 0 ? await startOf(base) : await policyOf(folder, step, base));
  const session = openLazily(async () => openReference(work, await referenceOf(folder, end, base)));
  try {
    const reference = await referenceWith(session, work, end);
    return (
      (await writeRewards(folder, step, rows, policy, reference, { beta, batchSize, signal, onProgress })) !== null
    );
  } finally {
    await Promise.all([policy.release(), session.release()]);
  }
}

/** Log-probs that the steps have kept are not computed again, where rows and reference are still those. */
async function referenceWith(
  session: ScoreSession,
  { folder, rows, base: { config } }: Work,
  end: number,
): Promise<Reference> {
  const { rows: then, kept } = await readCheckpointReference(folder, end);
  return keepsPlainSums(config) && then === rows.fingerprint ? stepReference(kept, session) : session;
}

async function openReference({ folder, asked, cache, base }: Work, options: SessionOptions): Promise<ScoreSession> {
  // A reference that moves has arrays of its own, which no fingerprint covers.
  const weights =
    cache === null || base.config.sync_ref_model
      ? null
      : await unchangedFingerprints(await new ModelRecord(folder, asked).complete());
  return cache === null || weights === null ? openScoreSession(options) : openCachedReference(options, cache, weights);
}

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
import { changedMarks } from '../run/marksRecord';
import { readState, runPaths } from '../run/folder';
import { endStep, readScoring, stepsToScore } from '../run/scoring';
import type { RunConfig } from '../run/types';
import { scoringNote } from './changedMarks';
import { readCheckpointReference } from './checkpointReference';
import { ModelRecord } from './modelRecord';
import { openBase, type Base } from './openBase';
import { loadRows, maxRowTokens } from './loadRows';
import { policyOf, referenceOf, startOf } from './savedModel';
import type { ScoringReporter } from './scoringReporter';
import { heldOut } from './heldOut';
import { keepsPlainSums } from './trainers';
import { writeRewards } from './writeRewards';

/**
 * Scores every pair that a run trained on: with the model at the run's end, and, if it is not the reference, with the
 * model at its start. Resumes an earlier scoring that was stopped. The run has already ended; its status does not
 * change.
 *
 * @param signal stops the scoring between two batches
 * @param cache folder of reference log-probs, shared by all runs
 * @throws MarginError `no-checkpoint`, `not-finite`, those of opening the model and of reading and writing
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
  const marks = await changedMarks(asked);
  if (marks.length > 0) reporter.event({ t: Date.now(), step, kind: 'note', message: scoringNote(marks) });
  const rows = await loadTrained(folder, base, signal);
  if (rows === null) return reporter.end(false);
  try {
    const complete = await withWeightCheck([base.checkpoint], () =>
      scoreSteps({ folder, base, rows, reporter, signal, cache: base.foundThroughAdapter ? null : cache, asked }, step),
    );
    reporter.end(complete);
  } finally {
    await rows.close();
  }
}

/** What the scoring of a run needs. */
interface Scoring {
  readonly folder: string;
  readonly base: Base;
  readonly rows: RowStore;
  readonly reporter: ScoringReporter;
  readonly signal: AbortSignal;
  /** null: the model was found through an adapter, so the run's fingerprints do not cover it. */
  readonly cache: string | null;
  readonly asked: RunConfig;
}

/** Reads the rows that the run trained on, from its file as it is now. Returns null if `signal` stopped it. */
async function loadTrained(
  folder: string,
  { config, checkpoint }: Base,
  signal: AbortSignal,
): Promise<RowStore | null> {
  const tokenizer = await openTokenizer(checkpoint.folder, checkpoint.model.vocabSize);
  const maxLength = maxRowTokens(config, checkpoint);
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

/** @returns whether all rows are scored */
async function scoreSteps(scoring: Scoring, end: number): Promise<boolean> {
  const {
    folder,
    base: { config },
    rows,
    reporter,
    signal,
  } = scoring;
  const announced = new Set(
    (await readAllEvents(folder)).flatMap((event) => (event.kind === 'rewards' ? [event.step] : [])),
  );
  const steps = stepsToScore(config, end);
  reporter.count(rows.count * steps.length);
  for (const [i, step] of steps.entries()) {
    const before = i * rows.count;
    const path = runPaths.rewards(folder, step);
    const exists = await access(path).then(
      () => true,
      () => false,
    );
    if (!exists && !(await scoreStep(scoring, step, end, (scored) => reporter.scored(before + scored)))) return false;
    if (signal.aborted) return false;
    reporter.scored(before + rows.count);
    // An earlier scorer may have died after it wrote the file and before it wrote the event.
    if (!exists || !announced.has(step)) reporter.event({ t: Date.now(), step, kind: 'rewards', path });
  }
  return true;
}

/** @returns whether all rows are scored */
async function scoreStep(
  scoring: Scoring,
  step: number,
  end: number,
  onProgress: (scored: number) => void,
): Promise<boolean> {
  const { folder, base, rows, signal } = scoring;
  const { beta, per_device_train_batch_size: batchSize } = base.config;
  const policy = await openScoreSession(step === 0 ? await startOf(base) : await policyOf(folder, step, base));
  const session = openLazily(async () => openReference(scoring, await referenceOf(folder, end, base)));
  try {
    const reference = await referenceWith(session, scoring, end);
    return (
      (await writeRewards(folder, step, rows, policy, reference, { beta, batchSize, signal, onProgress })) !== null
    );
  } finally {
    await Promise.all([policy.release(), session.release()]);
  }
}

/** Reuses the log-probs that the steps have kept, if the rows are still the same. */
async function referenceWith(
  session: ScoreSession,
  { folder, rows, base: { config } }: Scoring,
  end: number,
): Promise<Reference> {
  // TRL's checkpoints keep no log-probs of the reference.
  if (config.backend === 'trl') return session;
  const { rows: trainedRows, kept } = await readCheckpointReference(folder, end);
  return keepsPlainSums(config) && trainedRows === rows.fingerprint ? stepReference(kept, session) : session;
}

/**
 * Opens the reference of a run, with the log-probs that other runs have cached.
 *
 * @param cache folder of reference log-probs; null: the model was found through an adapter
 */
export async function openReference(
  { folder, asked, cache, base }: Pick<Scoring, 'folder' | 'asked' | 'cache' | 'base'>,
  options: SessionOptions,
): Promise<ScoreSession> {
  // A moving reference has weights of its own, which no fingerprint covers.
  const weights =
    cache === null || base.config.sync_ref_model
      ? null
      : await unchangedFingerprints(await new ModelRecord(folder, asked).complete());
  return cache === null || weights === null ? openScoreSession(options) : openCachedReference(options, cache, weights);
}

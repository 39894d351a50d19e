import { openScoreSession } from '../engine/scoreSession';
import { readStopIds } from '../model/stopTokens';
import { openTokenizer } from '../model/tokenizer';
import type { Checkpoint } from '../model/types';
import { unchangedFingerprints, openCachedReference } from '../reward/cachedReference';
import type { RunConfig } from '../run/types';
import { VisitWriter } from '../run/visits';
import { openMeasuredPolicy } from './evaluate';
import { maxRowTokens } from './loadRows';
import { ModelRecord } from './modelRecord';
import { openBase, type Base } from './openBase';
import type { OpenReference } from './referenceModel';
import type { RunReporter } from './reporter';
import type { Run } from './run';
import { closeRows, type RowRequest, type RunRows } from './runRows';
import { openPolicy } from './policy';
import type { AnswerTokens } from './samples';
import { Trainer } from './trainer';

/**
 * Opens the model and loads the rows of a run, at the same time if `load` works in another thread.
 *
 * @param cache folder of reference log-probs
 * @throws MarginError those of `load` first, then those of opening the model
 */
export async function openRun(
  folder: string,
  asked: RunConfig,
  reporter: RunReporter,
  cache: string,
  load: (request: RowRequest) => Promise<RunRows>,
): Promise<Run> {
  const base = await openBase(asked.config);
  const { config, checkpoint, foundThroughAdapter, otherBase } = base;
  const [loaded, opened] = await Promise.allSettled([load(rowRequest(base, folder)), openPolicy(config, checkpoint)]);
  if (loaded.status === 'rejected') throw loaded.reason;
  const rows = loaded.value;
  try {
    if (opened.status === 'rejected') throw opened.reason;
    const record = new ModelRecord(folder, asked);
    const openReference = referenceOpener(record, foundThroughAdapter ? null : cache);
    const trainer = await Trainer.open(config, checkpoint, rows.train.rows, openReference, opened.value);
    const policy = openMeasuredPolicy(trainer);
    return {
      folder,
      config,
      otherBase,
      record,
      reporter,
      visits: new VisitWriter(folder),
      trainer,
      answerTokens: answerTokensOf(checkpoint),
      rows,
      policy,
    };
  } catch (error) {
    await closeRows(rows);
    throw error;
  }
}

/** What a run asks the reader of its rows for. @param scratch see `RowRequest` */
export function rowRequest({ config, checkpoint }: Base, scratch: string): RowRequest {
  const { folder: modelFolder, model } = checkpoint;
  return { config, modelFolder, vocabSize: model.vocabSize, maxLength: maxRowTokens(config, checkpoint), scratch };
}

function answerTokensOf({ folder, model }: Checkpoint): Run['answerTokens'] {
  let opened: Promise<AnswerTokens> | null = null;
  const open = async (): Promise<AnswerTokens> => {
    const tokenizer = await openTokenizer(folder, model.vocabSize);
    return { tokenizer, stopIds: await readStopIds(folder, tokenizer) };
  };
  return () => (opened ??= open());
}

/** @param cache null: the model was found through an adapter, so the run's fingerprints do not cover it */
function referenceOpener(record: ModelRecord, cache: string | null): OpenReference {
  return async (options) => {
    const weights = cache === null ? null : await unchangedFingerprints(await record.complete());
    return cache === null || weights === null
      ? openScoreSession(options)
      : openCachedReference(options, cache, weights);
  };
}

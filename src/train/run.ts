import { at } from '../base/pure/must';
import type { MeasureSession } from '../engine/types';
import { checkpointSteps } from '../run/find';
import { runPaths } from '../run/folder';
import type { TrainConfig } from '../run/types';
import type { VisitWriter } from '../run/visits';
import type { ModelRecord } from './modelRecord';
import { explain, NumericTrouble } from './numericTrouble';
import type { RunReporter } from './reporter';
import type { RunRows, SideRows } from './runRows';
import type { AnswerTokens } from './samples';
import type { Trainer } from './trainer';

/** Everything that the steps and measurements of a run need. */
export interface Run {
  readonly folder: string;
  readonly config: TrainConfig;
  /** The base model that the adapter was made for, if it is another one; see `Base`. */
  readonly otherBase: string | null;
  readonly record: ModelRecord;
  readonly reporter: RunReporter;
  readonly visits: VisitWriter;
  readonly trainer: Trainer;
  /** Opens the main thread's tokenizer when first called, because no step needs it. */
  readonly answerTokens: () => Promise<AnswerTokens>;
  readonly rows: RunRows;
  /** Measures the model in training. */
  readonly policy: MeasureSession;
}

/**
 * Runs `work` over rows of a file. A {@link NumericTrouble} becomes an error that names line and token.
 *
 * @throws MarginError `not-finite`
 */
export async function explained<T>(
  { folder, answerTokens }: Run,
  file: string,
  { rows }: SideRows,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof NumericTrouble)) throw error;
    const newest = (await checkpointSteps(folder)).at(-1);
    const { line } = at(await rows.read([error.trouble.pair]), 0);
    const { tokenizer } = await answerTokens();
    throw explain(error, file, line, tokenizer, newest === undefined ? null : runPaths.checkpoint(folder, newest));
  }
}

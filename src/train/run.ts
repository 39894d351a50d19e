import type { MeasureSession } from '../engine/types';
import type { TextTokenizer } from '../model/tokenizer';
import type { LoadedPairs } from '../reward/rowCollector';
import { checkpointSteps } from '../run/find';
import { runPaths } from '../run/folder';
import type { TrainConfig } from '../run/types';
import type { ModelRecord } from './modelRecord';
import { explain, NumericTrouble } from './numericTrouble';
import type { RunReporter } from './reporter';
import type { Sides } from './split';
import type { Trainer } from './trainer';

/** Everything a run works with once it is under way. */
export interface Run {
  readonly folder: string;
  readonly config: TrainConfig;
  /** See `Base`. */
  readonly otherBase: string | null;
  readonly record: ModelRecord;
  readonly reporter: RunReporter;
  readonly trainer: Trainer;
  readonly tokenizer: TextTokenizer;
  readonly stopIds: ReadonlySet<number>;
  readonly train: LoadedPairs;
  readonly held: LoadedPairs | null;
  /** See `Sides`. */
  readonly shared: Sides['shared'];
  readonly policy: MeasureSession;
}

/** Trouble with numbers is told by line and token, not by index. */
export async function explained<T>(
  { folder, tokenizer }: Run,
  file: string,
  { rows }: LoadedPairs,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof NumericTrouble)) throw error;
    const newest = (await checkpointSteps(folder)).at(-1);
    const [row] = await rows.read([error.trouble.pair]);
    throw explain(
      error,
      file,
      row?.line ?? 0,
      tokenizer,
      newest === undefined ? null : runPaths.checkpoint(folder, newest),
    );
  }
}

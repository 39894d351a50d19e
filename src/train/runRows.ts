import { openTokenizer } from '../model/tokenizer';
import type { Remark } from '../reward/remarks';
import type { LoadedPairs, LoadOptions } from '../reward/rowCollector';
import type { TrainConfig } from '../run/types';
import { sideRemarks } from './sideRemarks';
import { loadSides } from './split';

/** The rows of one side, and the prompts to draw samples for. */
export type SideRows = Pick<LoadedPairs, 'rows' | 'prompts'>;

/** The parts of its data files that a run keeps. */
export interface RunRows {
  readonly train: SideRows;
  /** null: the run has no held-out rows. */
  readonly held: SideRows | null;
  /** What a person should know about the rows. */
  readonly remarks: readonly Remark[];
}

/** Plain data, so that it can be sent to another thread. */
export interface RowRequest {
  readonly config: TrainConfig;
  /** The folder of the tokenizer. */
  readonly modelFolder: string;
  readonly vocabSize: number;
  /** Tokens of prompt and answer. */
  readonly maxLength: number;
  /** The folder that holds the tokenised rows while the run lives. */
  readonly scratch: string;
}

type OnProgress = NonNullable<LoadOptions['onProgress']>;

export type LoadRunRows = (request: RowRequest, onProgress: OnProgress) => Promise<RunRows>;

/**
 * Reads and tokenises the rows of a run in this thread.
 *
 * @throws MarginError those of `openTokenizer` and of `loadSides`
 */
export async function loadRunRows(
  { config, modelFolder, vocabSize, maxLength, scratch }: RowRequest,
  onProgress: OnProgress,
): Promise<RunRows> {
  const tokenizer = await openTokenizer(modelFolder, vocabSize);
  const sides = await loadSides(config, tokenizer, maxLength, { scratch, onProgress });
  return { train: sides.train, held: sides.held, remarks: sideRemarks(sides, config) };
}

/** Closes the files that hold the rows. */
export async function closeRows({ train, held }: RunRows): Promise<void> {
  await Promise.all([train.rows.close(), held?.rows.close()]);
}

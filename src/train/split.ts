import type { TextTokenizer } from '../model/tokenizer';
import { MarginError } from '../base/pure/marginError';
import { ReasonTally } from '../reward/lineTally';
import type { KeptRow, LoadedPairs, LoadOptions, PromptFilter } from '../reward/rowCollector';
import { marksOfParts } from '../reward/rowMarks';
import type { TrainConfig } from '../run/types';
import { heldOut } from './heldOut';
import { loadRows } from './loadRows';
import { Overlap, type Shared } from './overlap';
import { checkSplitProofs } from './splitProofs';

/** The rows that a run trains on, and the rows that it only evaluates. */
export interface Sides {
  readonly train: LoadedPairs;
  readonly held: LoadedPairs | null;
  /** Rows of `eval_file` that `train_file` has too; null without an `eval_file`. */
  readonly shared: Shared | null;
  /** The proofs of splits that hold for the files, see {@link checkSplitProofs}. */
  readonly proofs: readonly string[];
}

export interface SideLoading extends Pick<LoadOptions, 'scratch' | 'onProgress'> {
  /** Called for each row of a side, in the order of its file. */
  readonly onKept?: ((side: 'train' | 'held', row: KeptRow) => void) | undefined;
}

/**
 * Loads the training rows and the held-out rows. Held out are the rows of `eval_file`, or with `test_split_size` a part
 * of the prompts of `train_file`.
 *
 * @param maxLength tokens of prompt and answer
 * @throws MarginError `empty-split` if one side gets no rows, those of {@link checkSplitProofs}, and those of loading
 */
export async function loadSides(
  config: TrainConfig,
  tokenizer: TextTokenizer,
  maxLength: number,
  { onKept, ...loading }: SideLoading = {},
): Promise<Sides> {
  const { train_file: file, eval_file: evalFile, test_split_size: part, seed } = config;
  const load = (
    side: 'train' | 'held',
    from: string,
    { onRow, ...more }: Pick<LoadOptions, 'wants' | 'onRow'> = {},
  ): Promise<LoadedPairs> => {
    const tell = (row: KeptRow): void => {
      onRow?.(row);
      onKept?.(side, row);
    };
    return loadRows(from, config, tokenizer, maxLength, { ...loading, ...more, onRow: tell });
  };
  const proofs = await checkSplitProofs(config);
  if (part === 0 && evalFile === null) return { train: await load('train', file), held: null, shared: null, proofs };
  if (part === 0 && evalFile !== null) {
    const overlap = new Overlap();
    const held = await load('held', evalFile, { onRow: overlap.onEvalRow });
    const train = await load('train', file, { onRow: overlap.onTrainRow }).catch((error: unknown) =>
      closed(held, error),
    );
    return { train, held, shared: overlap.shared(), proofs };
  }
  const isHeld = heldOut(part, seed);
  const train = await loadSide(
    'left to train on',
    part,
    (prompt) => !isHeld(prompt),
    (wants) => load('train', file, { wants }),
  );
  const held = await loadSide('held out', part, isHeld, (wants) => load('held', file, { wants })).catch(
    (error: unknown) => closed(train, error),
  );
  // Both sides read the whole file. Its unusable lines and findings are reported once, with the training rows.
  const [ofTrain, ofHeld] = marksOfParts(train.marks, held.marks);
  return {
    train: { ...train, marks: ofTrain },
    held: { ...held, unusable: new ReasonTally(), findings: [], marks: ofHeld },
    shared: null,
    proofs,
  };
}

/** Closes the rows of one side after the other side failed. */
async function closed({ rows }: LoadedPairs, error: unknown): Promise<never> {
  await rows.close();
  throw error;
}

/**
 * Loads one side, and distinguishes a side without prompts from a file without usable rows.
 *
 * @param side as in "of 10 rows none is held out"
 */
async function loadSide(
  side: string,
  part: number,
  wants: PromptFilter,
  load: (wants: PromptFilter) => Promise<LoadedPairs>,
): Promise<LoadedPairs> {
  let [seen, chosen] = [0, 0];
  const counting: PromptFilter = (prompt) => {
    const answer = wants(prompt);
    seen++;
    if (answer) chosen++;
    return answer;
  };
  try {
    return await load(counting);
  } catch (error) {
    if (seen === 0 || chosen > 0) throw error;
    throw new MarginError(
      'empty-split',
      `test_split_size ${part}: of ${seen} rows none is ${side}. Choose another part or seed, or name an eval_file.`,
      { field: 'test_split_size', seen },
    );
  }
}

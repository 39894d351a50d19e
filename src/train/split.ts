import { createHash } from 'node:crypto';
import type { TextTokenizer } from '../model/tokenizer';
import { MarginError } from '../base/pure/marginError';
import type { Message } from '../pairs/pair';
import { ReasonTally } from '../reward/lineTally';
import type { LoadedPairs, LoadOptions, PromptFilter } from '../reward/rowCollector';
import type { TrainConfig } from '../run/types';
import { loadRows } from './loadRows';
import { Overlap, type Shared } from './overlap';

/** What a run trains on, and what it only measures. */
export interface Sides {
  readonly train: LoadedPairs;
  readonly held: LoadedPairs | null;
  /** What `eval_file` has in common with `train_file`; null without an `eval_file`. */
  readonly shared: Shared | null;
}

/**
 * The rows of both sides: `eval_file`'s are held out, or with `test_split_size` a part of `train_file`'s prompts.
 *
 * @throws MarginError `empty-split` where a side gets nothing, and those of loading
 */
export async function loadSides(
  config: TrainConfig,
  tokenizer: TextTokenizer,
  maxLength: number,
  loading: Pick<LoadOptions, 'scratch' | 'onProgress'> = {},
): Promise<Sides> {
  const { train_file: file, eval_file: evalFile, test_split_size: part, seed } = config;
  const load = (from: string, more: Pick<LoadOptions, 'wants' | 'onRow'> = {}): Promise<LoadedPairs> =>
    loadRows(from, config, tokenizer, maxLength, { ...loading, ...more });
  if (part === 0 && evalFile === null) return { train: await load(file), held: null, shared: null };
  if (part === 0 && evalFile !== null) {
    const overlap = new Overlap();
    const held = await load(evalFile, { onRow: overlap.onEvalRow });
    const train = await load(file, { onRow: overlap.onTrainRow }).catch((error: unknown) => closed(held, error));
    return { train, held, shared: overlap.shared() };
  }
  const isHeld = heldOut(part, seed);
  const train = await loadSide(
    'left to train on',
    part,
    (prompt) => !isHeld(prompt),
    (wants) => load(file, { wants }),
  );
  const held = await loadSide('held out', part, isHeld, (wants) => load(file, { wants }));
  // Lines without a pair have no prompt to go by, and are told once.
  return { train, held: { ...held, unusable: new ReasonTally(), findings: [] }, shared: null };
}

/** Gives back what one side holds where the other fails. */
async function closed({ rows }: LoadedPairs, error: unknown): Promise<never> {
  await rows.close();
  throw error;
}

/**
 * Whether a prompt is held out. It hangs on the prompt's own text and the seed alone, so other rows may come, go and
 * move, and all rows of a prompt are on one side.
 *
 * @param part of all prompts, between 0 and 1
 */
export function heldOut(part: number, seed: number): PromptFilter {
  return (prompt) => place(prompt, seed) < part;
}

/** A prompt's own number in [0, 1). */
function place(prompt: readonly Message[], seed: number): number {
  const text = JSON.stringify(prompt.map(({ role, content }) => [role, content]));
  return createHash('sha256').update(`${seed}\n${text}`).digest().readUInt32LE() / 2 ** 32;
}

/** Tells a side that no prompt fell to from a file without usable rows. */
async function loadSide(
  side: string,
  part: number,
  wants: PromptFilter,
  load: (wants: PromptFilter) => Promise<LoadedPairs>,
): Promise<LoadedPairs> {
  let [seen, wanted] = [0, 0];
  const counting: PromptFilter = (prompt) => {
    const answer = wants(prompt);
    seen++;
    if (answer) wanted++;
    return answer;
  };
  try {
    return await load(counting);
  } catch (error) {
    if (seen === 0 || wanted > 0) throw error;
    throw new MarginError(
      'empty-split',
      `test_split_size ${part}: of ${seen} rows none is ${side}. Choose another part or seed, or name an eval_file.`,
      { field: 'test_split_size', seen },
    );
  }
}

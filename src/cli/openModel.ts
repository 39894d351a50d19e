import { readAdapter } from '../model/adapter';
import { openCheckpoint } from '../model/checkpoint';
import { readStopIds } from '../model/stopTokens';
import { openTokenizer } from '../model/tokenizer';
import type { TextTokenizer } from '../model/tokenizer';
import type { Adapter, Checkpoint } from '../model/types';

export interface OpenModel {
  readonly checkpoint: Checkpoint;
  readonly adapter: Adapter | null;
  readonly tokenizer: TextTokenizer;
  /** Tokens after which an answer is over. */
  readonly stopIds: ReadonlySet<number>;
}

/** A model folder and, if any, an adapter's folder; errors name the file and what is wrong with it. */
export async function openModel(folder: string, adapterFolder: string | null): Promise<OpenModel> {
  const checkpoint = await openCheckpoint(folder);
  const [tokenizer, adapter] = await Promise.all([
    openTokenizer(folder, checkpoint.model.vocabSize),
    adapterFolder === null ? null : readAdapter(adapterFolder, checkpoint),
  ]);
  return { checkpoint, adapter, tokenizer, stopIds: await readStopIds(folder, tokenizer) };
}

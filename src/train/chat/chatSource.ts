import { openModel } from '../../engine/openModel';
import type { SessionOptions } from '../../engine/types';
import { readStopIds } from '../../model/stopTokens';
import { openTokenizer, type TextTokenizer } from '../../model/tokenizer';
import { readRunConfig } from '../../run/folder';
import { openBase } from '../openBase';
import { policyOf, referenceOf, startOf } from '../savedModel';
import type { ChatSource } from './messages';

/** The β of TRL's DPOConfig, for an adapter whose run is not known. */
const usualBeta = 0.1;

/** The model that its answers are compared with. */
export interface ChatReference {
  readonly options: () => Promise<SessionOptions>;
  readonly beta: number;
}

/** A source whose files are found and read; no session is open yet. */
export interface FoundSource {
  readonly policy: SessionOptions;
  /** null: a whole model, or the start of a run. */
  readonly reference: ChatReference | null;
  readonly tokenizer: TextTokenizer;
  readonly stopIds: ReadonlySet<number>;
}

/** @throws MarginError those of reading a run, and of finding and opening a model */
export function findSource(source: ChatSource): Promise<FoundSource> {
  return source.kind === 'run' ? findRun(source) : findModel(source);
}

async function findModel({ path, adapter }: ChatSource & { readonly kind: 'model' }): Promise<FoundSource> {
  const { tokenizer, stopIds, ...policy } = await openModel(path, adapter, 'cpu');
  const plain = async (): Promise<SessionOptions> => ({ ...policy, adapter: null });
  return { policy, reference: policy.adapter && { options: plain, beta: usualBeta }, tokenizer, stopIds };
}

async function findRun({ folder, step }: ChatSource & { readonly kind: 'run' }): Promise<FoundSource> {
  const { config } = await readRunConfig(folder);
  const base = await openBase(config);
  const { folder: files, model } = base.checkpoint;
  const tokenizer = await openTokenizer(files, model.vocabSize);
  const stopIds = await readStopIds(files, tokenizer);
  if (step === null) return { policy: await startOf(base), reference: null, tokenizer, stopIds };
  const reference = { options: () => referenceOf(folder, step, base), beta: config.beta };
  return { policy: await policyOf(folder, step, base), reference, tokenizer, stopIds };
}

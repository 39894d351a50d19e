import type { OutType } from '../model/gguf/writeModel';
import type { Precision } from '../model/precision';

export const exportFormats = ['peft', 'merged', 'gguf', 'merged-gguf'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export interface ExportOptions {
  readonly format: ExportFormat;
  /** The folder to create; it may exist if it is empty. */
  readonly out: string;
  /** For `merged`: the limit of one file of weights. */
  readonly maxShardBytes: number;
  /** For `merged`: the type of the weights; null: each weight keeps its type, and quantised ones become f32. */
  readonly dtype: Precision | null;
  /** For `merged-gguf`: the type of the matrices. */
  readonly outType: OutType;
  /** Margin's version, for the model card. */
  readonly version: string;
  readonly signal: AbortSignal;
  readonly onProgress: ProgressListener;
}

/**
 * Called often during an export.
 *
 * @param what reading the training data for the model card, or writing weights
 * @param done bytes so far
 * @param total bytes in all
 */
export type ProgressListener = (what: 'data' | 'weights', done: number, total: number) => void;

import type { Precision } from '../model/precision';

export const exportFormats = ['peft', 'merged', 'gguf'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export interface ExportOptions {
  readonly format: ExportFormat;
  /** The folder to be made. */
  readonly out: string;
  /** Of `merged`: limit of one file of weights. */
  readonly maxShardBytes: number;
  /** Of `merged`; null: each weight in its own type, quantised ones in f32. */
  readonly dtype: Precision | null;
  /** Margin's, for the model card. */
  readonly version: string;
  readonly signal: AbortSignal;
  readonly onProgress: ProgressListener;
}

/** Told, often, how far it is: bytes of the training data read for the card, or of weights written. */
export type ProgressListener = (what: 'data' | 'weights', done: number, total: number) => void;

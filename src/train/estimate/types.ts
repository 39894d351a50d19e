import type { FirstRow } from '../../run/firstRow';

/** The size of a micro-batch. `load` counts the numbers that the forward pass keeps for the backward pass. */
export interface BatchSize {
  readonly pairs: number;
  readonly tokens: number;
  /** See {@link LoadShape}. */
  readonly load: number;
}

/**
 * Memory grows with these: the numbers kept for each token (`token`), and for each pair of slots that attention
 * compares (`slot`).
 */
export interface LoadShape {
  readonly token: number;
  readonly slot: number;
}

/** Another `per_device_train_batch_size`, and the load of the heaviest micro-batch with it. */
export interface OtherBatch {
  readonly size: number;
  readonly load: number;
}
/** A smaller `max_length`, and the load of the heaviest micro-batch with it. */
export interface ShorterRows {
  readonly maxLength: number;
  readonly load: number;
  /** The same load with one row in each micro-batch. */
  readonly loadOfOne: number;
  /** Rows with an answer that would be cut, and rows that would be left out because their prompt fills `maxLength`. */
  readonly cut: number;
  readonly leftOut: number;
}

/** What a run is going to do. */
export interface Plan {
  readonly rows: number;
  readonly heldOut: number;
  readonly steps: number;
  /** Micro-batches of all steps, and their tokens in packed pairs. */
  readonly microBatches: number;
  readonly tokens: number;
  /** Tokens of one pass over the training rows, and over the held-out ones. */
  readonly rowTokens: number;
  readonly heldOutTokens: number;
  /** One pair, a typical micro-batch, and the micro-batch that takes most memory. */
  readonly light: BatchSize;
  readonly typical: BatchSize;
  readonly heavy: BatchSize;
  /** The batch that is scored: the heaviest one of an evaluation if it is heavier than `heavy`, else `heavy`. */
  readonly scored: BatchSize;
  readonly smaller: readonly OtherBatch[];
  /** Two, four and eight times as many pairs, as far as there are rows. */
  readonly larger: readonly OtherBatch[];
  readonly shorter: readonly ShorterRows[];
  /** The first rows of the first optimizer step, in its order. */
  readonly first: readonly FirstRow[];
}

/** What the dry run does, in this order. A phase that runs twice is measured the second time, after one-time work. */
export type Phase = 'open' | 'scoring' | 'light' | 'typical' | 'heavy' | 'answering';

/** What the process of a dry run writes, one JSON object per line. */
export type DryRunMessage =
  /** A sentence that the run would note about its rows. */
  | { readonly kind: 'remark'; readonly message: string }
  | { readonly kind: 'plan'; readonly plan: Plan }
  | { readonly kind: 'begin'; readonly phase: Phase }
  /** `resident`: the peak resident bytes so far, the only figure that some systems give. */
  | { readonly kind: 'end'; readonly phase: Phase; readonly seconds: number; readonly resident: number }
  | { readonly kind: 'error'; readonly code: string; readonly message: string };

/** Bytes of a process: its own memory, and what is mapped from the model's files, which the system can drop. */
export interface Memory {
  readonly own: number;
  readonly mapped: number;
}

/** The result of a dry run. A phase that did not end has no seconds. */
export interface Measured {
  /**
   * `killed`: by the system or by itself, because memory ran out; `stopped`: by us, before it used all free memory.
   */
  readonly ended: 'done' | 'killed' | 'stopped';
  readonly plan: Plan | null;
  readonly phases: Readonly<Partial<Record<Phase, { readonly seconds: number | null; readonly own: number }>>>;
}

/** Sizes in bytes that follow from headers and config alone. */
export interface Sizes {
  /** The weights as stored in their files. */
  readonly weights: number;
  /** One copy of the trained values, in f32. */
  readonly trained: number;
  /** One copy of the adapter that the config's `lora_…` keys describe, in f32, whether it is trained or not. */
  readonly adapter: number;
}

/** Settings with which the run would fit. */
export interface Advice {
  readonly set: readonly { readonly key: string; readonly from: unknown; readonly to: unknown }[];
  /** Bytes saved, and bytes needed in total with these settings. */
  readonly saves: number;
  readonly needs: number;
  /** `line`: by the line through the batches that were measured; `sizes`: by the sizes of the arrays. */
  readonly basis: 'line' | 'sizes';
  /** What it costs, as in "12 rows are cut"; '' if nothing. */
  readonly price: string;
}

/** What is known about other values of `per_device_train_batch_size`. */
export interface BatchSizes {
  /**
   * The largest of the planned sizes that fits, by the line through the batches that were measured, with some memory
   * left for other programs; null: none fits.
   */
  readonly largest: {
    readonly size: number;
    /** `gradient_accumulation_steps` with which a step has as many pairs as now, or as few more as possible. */
    readonly accumulation: number;
    /** Bytes that the run needs in total. */
    readonly needs: number;
    /** Whether the next larger size was planned too, and does not fit. */
    readonly isLimit: boolean;
  } | null;
  /** Tokens per second of a step on each micro-batch that was measured. */
  readonly speeds: readonly { readonly pairs: number; readonly tokensPerSecond: number }[];
}

/** Bytes needed and free, of memory or disk. */
export interface Room {
  readonly needs: number;
  readonly free: number;
  readonly fits: boolean;
  readonly advice: readonly Advice[];
}

export interface Estimate {
  readonly fits: boolean;
  /** `headers`: refused by the sizes of weights, gradients and optimizer alone, without a dry run. */
  readonly basis: 'measured' | 'killed' | 'stopped' | 'headers';
  /** null if the dry run did not get that far. */
  readonly plan: Plan | null;
  readonly seconds: Seconds | null;
  /** null unless the dry run came to its end. */
  readonly batches: BatchSizes | null;
  /** `own` and `mapped` at the peak, or when the dry run was ended. */
  readonly memory: Room & Memory;
  readonly disk:
    (Room & { readonly checkpoint: number; readonly checkpoints: number; readonly rewards: number }) | null;
}

/** Estimated seconds of a run. */
export interface Seconds {
  readonly step: number;
  readonly start: number;
  readonly steps: number;
  readonly rewards: number;
  readonly evaluations: number;
  readonly samples: number;
  /** Scoring every pair after the run; not part of the total. */
  readonly scoring: number;
  readonly total: number;
}

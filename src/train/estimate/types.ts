/** How much a micro-batch is to hold, in places in which a forward pass leaves a number for the backward one. */
export interface BatchSize {
  readonly pairs: number;
  readonly tokens: number;
  /** See {@link LoadShape}. */
  readonly load: number;
}

/**
 * What memory grows with: each token leaves `token` numbers behind, each pair of places that attention compares `slot`.
 */
export interface LoadShape {
  readonly token: number;
  readonly slot: number;
}

/** Another value of a key, and the load of the heaviest micro-batch there would be with it. */
export interface SmallerBatch {
  readonly size: number;
  readonly load: number;
}
export interface ShorterRows {
  readonly maxLength: number;
  readonly load: number;
  /** With one row a micro-batch besides. */
  readonly loadOfOne: number;
  /** Rows that would lose an end of theirs, and rows whose prompt alone would fill `maxLength`. */
  readonly cut: number;
  readonly leftOut: number;
}

/** What a run is going to do, before it does it. */
export interface Plan {
  readonly rows: number;
  readonly heldOut: number;
  readonly steps: number;
  /** Micro-batches of all steps, and their tokens as the model sees them. */
  readonly microBatches: number;
  readonly tokens: number;
  /** Tokens of one pass over the training rows, and over the held-out ones. */
  readonly rowTokens: number;
  readonly heldOutTokens: number;
  /** One pair, the most usual micro-batch, and the one that takes most memory. */
  readonly light: BatchSize;
  readonly typical: BatchSize;
  readonly heavy: BatchSize;
  /**
   * What is scored, to know what scoring takes: the heaviest batch of an evaluation where it is heavier yet, else that
   * one.
   */
  readonly scored: BatchSize;
  readonly smaller: readonly SmallerBatch[];
  readonly shorter: readonly ShorterRows[];
}

/**
 * What the dry run does one after another; of what comes twice the second time, when all that happens once has
 * happened.
 */
export type Phase = 'open' | 'scoring' | 'light' | 'typical' | 'heavy' | 'answering';

/** What the process of the dry run says, a JSON line each. */
export type DryRunMessage =
  /** What the run would note of its rows, a sentence. */
  | { readonly kind: 'remark'; readonly message: string }
  | { readonly kind: 'plan'; readonly plan: Plan }
  | { readonly kind: 'begin'; readonly phase: Phase }
  /** `resident`: the most it had so far, which is all that some systems tell. */
  | { readonly kind: 'end'; readonly phase: Phase; readonly seconds: number; readonly resident: number }
  | { readonly kind: 'error'; readonly code: string; readonly message: string };

/** Bytes of a process: its own, and those mapped from the model's files, which the system can drop and read again. */
export interface Memory {
  readonly own: number;
  readonly mapped: number;
}

/** What came of a dry run. A phase that it did not end has no seconds. */
export interface Measured {
  /**
   * `killed`: by the system, or by itself for lack of memory; `stopped`: by us, when it had taken all that was free.
   */
  readonly ended: 'done' | 'killed' | 'stopped';
  readonly plan: Plan | null;
  readonly phases: Readonly<Partial<Record<Phase, { readonly seconds: number | null; readonly own: number }>>>;
}

/** Arrays that follow from headers and config alone, in bytes. */
export interface Sizes {
  /** The weights as they lie in their files. */
  readonly weights: number;
  /** One copy of what is trained, in f32. */
  readonly trained: number;
  /** One copy of the adapter that the config's `lora_…` keys describe, in f32, whether it is trained or not. */
  readonly adapter: number;
}

/** A setting with which the run would fit. */
export interface Advice {
  readonly set: readonly { readonly key: string; readonly from: unknown; readonly to: unknown }[];
  /** Bytes less, and bytes in all then. */
  readonly saves: number;
  readonly needs: number;
  /** `line`: by the line through the batches that were measured; `sizes`: by the sizes of the arrays. */
  readonly basis: 'line' | 'sizes';
  /** What it costs, as in "12 answers lose their end"; '' if nothing. */
  readonly price: string;
}

export interface Room {
  readonly needs: number;
  readonly free: number;
  readonly fits: boolean;
  readonly advice: readonly Advice[];
}

export interface Estimate {
  readonly fits: boolean;
  /** `headers`: refused by the sizes of weights, gradients and optimizer alone, nothing was run. */
  readonly basis: 'measured' | 'killed' | 'stopped' | 'headers';
  /** null where the dry run did not come so far. */
  readonly plan: Plan | null;
  readonly seconds: Seconds | null;
  /** `own` and `mapped` are of the heaviest moment; where the run was ended before it, what they were then. */
  readonly memory: Room & Memory;
  readonly disk:
    (Room & { readonly checkpoint: number; readonly checkpoints: number; readonly rewards: number }) | null;
}

export interface Seconds {
  readonly step: number;
  readonly start: number;
  readonly steps: number;
  readonly rewards: number;
  readonly evaluations: number;
  readonly samples: number;
  /** Of every pair, when the run is done: not part of the total. */
  readonly scoring: number;
  readonly total: number;
}

import type { KeyEdit } from '../run/configEdits';
import type { FirstRow } from '../run/firstRow';
import type { PresetPreview } from '../run/presetEdits';
import type { RateState } from './rateTest';
import type { ConfigForm, FormSection } from '../run/formTypes';

/** What never changes while a form is open. */
export interface FormFacts {
  readonly sections: readonly FormSection[];
}

/** What a form shows: the text of the file, as keys. */
export interface FormState {
  /** The name of the file. */
  readonly name: string;
  readonly form: ConfigForm;
  /** Why no run can start from here, in a sentence; null if one can. */
  readonly noRuns: string | null;
}

/** The largest batch that fits, with the same pairs in a step, as the dry run found it. */
export interface BatchAdvice {
  /** per_device_train_batch_size. */
  readonly size: number;
  /** gradient_accumulation_steps. */
  readonly accumulation: number;
  /** Whether a larger batch would not fit. */
  readonly isLimit: boolean;
  /** Whether the config has both values already. */
  readonly isUsed: boolean;
  readonly speeds: readonly { readonly pairs: number; readonly tokensPerSecond: number }[];
}

/** What a run of TRL needs on its target. */
export interface TargetNeeds {
  readonly target: string;
  /** Null: nobody said how much memory a GPU has. */
  readonly fits: boolean | null;
  readonly summary: string;
  /** The memory of a process, by its parts. */
  readonly memory: readonly { readonly name: string; readonly bytes: number; readonly how: string }[];
  readonly assumptions: readonly string[];
  /** What is not known, each with what would make it known. */
  readonly unknown: readonly { readonly what: string; readonly why: string }[];
}

/** The estimate of the run as the config stands. */
export type EstimateState =
  /** The config has problems, or no model may be opened. */
  | { readonly kind: 'none' }
  /** It starts when the person has paused. */
  | { readonly kind: 'waiting' }
  /** `doing`: what the dry run does; empty at first. */
  | { readonly kind: 'running'; readonly doing: string }
  /** A run trains on this machine, so no estimate starts by itself. */
  | { readonly kind: 'busy' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly message: string }
  /** With `backend: trl`: computed, not measured. */
  | { readonly kind: 'target'; readonly needs: TargetNeeds }
  | {
      readonly kind: 'done';
      readonly fits: boolean;
      readonly summary: string;
      readonly problems: readonly string[];
      readonly remarks: readonly string[];
      /** The first rows of the first step; none if the dry run did not get that far. */
      readonly first: readonly FirstRow[];
      /** Rows that the run evaluates on and does not train on; null: the dry run did not get that far. */
      readonly heldOut: number | null;
      /** Null: no planned size fits, or the dry run did not get that far. */
      readonly batch: BatchAdvice | null;
    };

/** The host's side. */
export type TrainFormHost = {
  requests: {
    hello: {
      params: null;
      result: FormFacts & { readonly state: FormState; readonly estimate: EstimateState; readonly rates: RateState };
    };
    /** Changes keys of the file, as one undo step. */
    edit: { params: { readonly edits: readonly KeyEdit[] }; result: FormState };
    /** Asks for the value of a key, a path or the target, and writes it. */
    choosePath: { params: { readonly name: string }; result: FormState };
    /** Asks for a preset; null if the person closed the list. */
    choosePreset: { params: null; result: PresetPreview | null };
    /** Estimates time and memory now, or stops that. */
    estimate: { params: { readonly run: boolean }; result: null };
    /** Tests learning rates now, or stops that. */
    testRates: { params: { readonly run: boolean }; result: null };
    /** Forgets the result of the test. */
    closeRates: { params: null; result: null };
    openText: { params: null; result: null };
    /** Opens a row of train_file in the pair editor. */
    openRow: { params: { readonly row: number }; result: null };
    /** Saves the file, shows the estimate and starts the run. */
    start: { params: null; result: null };
  };
  events: { changed: FormState; estimated: EstimateState; rated: RateState };
};

export type TrainFormView = { requests: Record<never, never>; events: Record<never, never> };

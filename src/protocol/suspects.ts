import type { CleaningResult } from '../pairs/cleaning/cleaningResult';
import type { Noise } from '../pairs/suspects/findSuspects';
import type { PairVerdict } from '../pairs/suspects/suspectBook';
import type { NamedText } from '../pairs/rowParts';
import type { PlaceRange } from './bulk';

/** Which verdicts the list shows. */
export const shownVerdicts = ['suspects', 'flipped', 'tie'] as const;
export type ShownVerdicts = (typeof shownVerdicts)[number];

/** The numbers that the list can be sorted by. */
export type SuspectSort = 'row' | 'probability' | 'margin' | 'spread';

export interface SuspectOrder {
  readonly verdicts: ShownVerdicts;
  readonly sort: SuspectSort;
  readonly descending: boolean;
}

/** What the last search found, and what the list shows of it. */
export interface SuspectsState {
  readonly name: string;
  readonly unit: 'line' | 'row';
  readonly noise: Noise;
  /** Of each measurement of the search, in its order. */
  readonly measurements: readonly { readonly run: string; readonly step: number | null }[];
  /** Pairs that no run scored, and rows without two answers. */
  readonly unscored: number;
  readonly others: number;
  /** Why the runs might say something else now, in a sentence; null if nothing has changed. */
  readonly stale: string | null;
  /** Whether no row can be changed. */
  readonly isReadOnly: boolean;
  /** Rows by their verdict as the file is now. */
  readonly flipped: number;
  readonly ties: number;
  readonly order: SuspectOrder;
  /** Rows in the list: suspects, and those that were swapped since. */
  readonly shown: number;
  /** Changes when rows are at other places in the list. */
  readonly revision: number;
  /** The name of the last action, which can be undone; null if there is none. */
  readonly undo: string | null;
  readonly cleaning: ShownCleaning | null;
}

/** Whether cleaning pays, as `margin cleaning` found. */
export type ShownCleaning = Pick<CleaningResult, 'text' | 'notes' | 'seeds' | 'arms'>;

/** A row of the list. */
export interface SuspectRow extends PairVerdict {
  /** From 0. */
  readonly row: number;
  /** The start of its prompt, on one line. */
  readonly label: string;
  readonly state: SuspectState;
}

/** What somebody has done about a suspect. `out`: its weight is 0, so training leaves it out. */
export type SuspectState = 'open' | 'swapped' | 'out' | 'weighted' | 'kept';

export interface SuspectDetail extends SuspectRow {
  /** The prompt and both answers; each at most some ten thousand letters. */
  readonly parts: readonly NamedText[];
  readonly cut: boolean;
}

/** What an action has done, in a sentence; empty if the person declined. */
export interface SuspectsDone {
  readonly sentence: string;
  readonly state: SuspectsState;
}

/** The host's side. Rows are named by their places in the list of a revision. */
export type SuspectsHost = {
  requests: {
    hello: { params: null; result: SuspectsState };
    arrange: { params: SuspectOrder; result: SuspectsState };
    rows: { params: PlaceRange; result: readonly SuspectRow[] };
    detail: { params: { readonly place: number }; result: SuspectDetail };
    /** Exchanges the answers of a pair, as one undo step. */
    swap: { params: { readonly place: number }; result: SuspectsDone };
    /** Gives rows the weight 0, or one that is asked for. `places`: null for all of the list. */
    weigh: {
      params: { readonly to: 'out' | 'asked'; readonly places: readonly PlaceRange[] | null };
      result: SuspectsDone;
    };
    /** Marks pairs as right, or takes that back if all are kept. */
    keep: { params: { readonly places: readonly PlaceRange[] }; result: SuspectsDone };
    undo: { params: null; result: SuspectsDone };
    /** Starts a review of the suspects in the pair editor. */
    review: { params: null; result: null };
    reveal: { params: { readonly place: number }; result: null };
    /** Shows the rewards of the tokens of a pair. */
    tokens: { params: { readonly place: number }; result: null };
    /** Asks how to search, and searches again. */
    search: { params: null; result: null };
    /** Says how to find out whether cleaning pays. */
    cleaning: { params: null; result: null };
  };
  events: { changed: SuspectsState };
};

export type SuspectsView = { requests: Record<never, never>; events: Record<never, never> };

import type { Refusal, Refused, ShownMatch } from '../pairs/bulk/rowChange';
import type { TextSearch } from '../pairs/bulk/textSearch';

/** Places in the list of a view, `from … to - 1`. */
export interface PlaceRange {
  readonly from: number;
  readonly to: number;
}

/** Rows that a person selected in the list. */
export interface SelectedRows {
  /** `Overview.order`: places mean other rows in another order. */
  readonly order: number;
  /** Ascending. */
  readonly places: readonly PlaceRange[];
}

/** What is done to several rows at once. `tag` and `flag` mark them; the others change the file. */
export const bulkActions = ['swap', 'delete', 'trim', 'weight', 'tag', 'flag'] as const;
export type BulkAction = (typeof bulkActions)[number];

/** A command that the view answers, because it knows the selected rows. */
export type BulkCommand = BulkAction | 'find' | 'replace' | 'selectAll';

export interface FoundTexts {
  /** Names the search in later requests. */
  readonly id: number;
  readonly matches: number;
  /** The number of rows with matches that can be changed. */
  readonly rows: number;
  /** The number of rows with matches that cannot be changed, by reason. */
  readonly refused: Refused;
}

/** A row as a replacement would change it. */
export interface PreviewRow {
  /** From 0. */
  readonly row: number;
  readonly first: ShownMatch;
  /** Number of further matches. */
  readonly more: number;
  /** Why it will not be changed; null if it will. */
  readonly refusal: Refusal | null;
}

export interface BulkDone {
  /** What was done, in a sentence for a person; empty if the person closed a question. */
  readonly sentence: string;
  /** Number of changed rows. */
  readonly rows: number;
}

/** How far a search or a change is. */
export interface BulkProgress {
  /** Whether rows are looked at, or changed. */
  readonly phase: 'look' | 'change';
  /** Rows that are done. */
  readonly done: number;
  readonly total: number;
  readonly matches: number;
  /** Rows with matches. */
  readonly rows: number;
}

/** Requests about many rows. Aborting a request ends the work, and nothing has changed then. */
export type BulkRequests = {
  /** Searches the texts of all rows, or of some, and remembers the rows with matches. */
  findTexts: {
    params: { readonly search: TextSearch; readonly within: SelectedRows | null };
    result: FoundTexts;
  };
  /** The row with a match after or before a row; null if there is none. From the end it continues at the start. */
  nextText: { params: { readonly id: number; readonly row: number; readonly step: 1 | -1 }; result: number | null };
  /** Rows with matches, in the order of the file; at most 100. */
  previewTexts: {
    params: { readonly id: number; readonly replacement: string; readonly from: number; readonly count: number };
    result: readonly PreviewRow[];
  };
  /** Replaces the matches in the rows that were found, except in those with these numbers. */
  replaceTexts: {
    params: { readonly id: number; readonly replacement: string; readonly except: readonly number[] };
    result: BulkDone;
  };
  /** Does something to the selected rows, after the questions that it needs. */
  bulk: { params: { readonly action: BulkAction; readonly selected: SelectedRows }; result: BulkDone };
};

export type BulkEvents = {
  bulkProgress: BulkProgress;
  /** A command of the palette or a key. */
  bulkCommand: BulkCommand;
};

import type { Message, PairStyle, Side } from '../pairs/pair';

/** What the list at the left shows of a row. */
export interface RowSummary {
  readonly row: number;
  /** Line of the file if saved now, from 1. */
  readonly line: number;
  /** Start of the last user turn, one line, at most 200 characters; the reason for rows without a pair. */
  readonly label: string;
  readonly kind: 'pair' | 'not-json' | 'not-a-pair' | 'blank';
  readonly problems: number;
  readonly margin: number | null;
  readonly edited: boolean;
}

export interface RowReward {
  readonly chosen: number;
  readonly rejected: number;
  readonly margin: number;
  /** Margin under the weights the run started from; null where it was not scored. */
  readonly before: number | null;
  readonly chosenTokens: number;
  readonly rejectedTokens: number;
}

export interface RowProblem {
  readonly severity: 'error' | 'warning' | 'info';
  readonly code: string;
  readonly message: string;
  readonly side: Side | null;
}

/** One row in full. Sides longer than `maxSideText` characters in all arrive cut, with `cut: true`, and are not editable here. */
export interface RowDetail {
  readonly revision: number;
  readonly row: number;
  readonly line: number;
  readonly raw: string;
  readonly pair: {
    readonly style: PairStyle;
    readonly shape: string;
    readonly prompt: readonly Message[];
    readonly chosen: readonly Message[];
    readonly rejected: readonly Message[];
  } | null;
  readonly cut: boolean;
  readonly problems: readonly RowProblem[];
  readonly reward: RowReward | null;
}

export interface Overview {
  readonly revision: number;
  /** Rows of the document now; grows while the file is still being indexed. */
  readonly rows: number;
  /** Rows that the filter lets through, in the order of the sort. */
  readonly shown: number;
  readonly indexing: boolean;
  readonly problemRows: number;
  readonly shape: string;
  readonly readonly: boolean;
  readonly rewards: RewardChoice | null;
  readonly rewardChoices: readonly RewardChoice[];
}

export interface RewardChoice {
  readonly id: string;
  readonly label: string;
}

export interface View {
  readonly filter: string;
  readonly sort: 'row' | 'margin';
  readonly descending: boolean;
  readonly rewards: string | null;
}

export type PairEdit =
  | { readonly kind: 'text'; readonly row: number; readonly side: Side; readonly turn: number; readonly content: string }
  | { readonly kind: 'raw'; readonly row: number; readonly line: string }
  | { readonly kind: 'swap' | 'delete' | 'duplicate' | 'insert'; readonly row: number };

/** What the host answers to the pair editor and tells it. Rows are pulled by page; the host pushes only "changed". */
export type PairEditorHost = {
  requests: {
    hello: { params: { version: 1 }; result: Overview };
    setView: { params: View; result: Overview };
    /** `from` and `count` in shown order; at most 200 rows. */
    rows: { params: { from: number; count: number }; result: { revision: number; rows: readonly RowSummary[] } };
    detail: { params: { row: number }; result: RowDetail };
    /** Where a row stands in shown order; null if the filter hides it. */
    position: { params: { row: number }; result: number | null };
    /** Answers the row to show next. */
    edit: { params: { revision: number; edit: PairEdit }; result: { revision: number; row: number } };
    /** Runs a command of the workbench that the view offers as a button. */
    command: { params: { name: 'undo' | 'redo' | 'openRun' | 'train' | 'openText' | 'score' }; result: null };
  };
  events: {
    changed: Overview;
    /** Somebody outside asks for a row: Problems panel, run panel, go-to command. */
    reveal: { row: number };
    /** A command of the palette that acts on the view's selection. */
    act: { name: 'swap' | 'delete' | 'duplicate' | 'insert' | 'next' | 'previous' | 'focusFilter' | 'edit' };
  };
};

export type PairEditorView = {
  requests: Record<never, never>;
  events: { selected: { row: number } };
};

import type { FileFinding } from '../pairs/fileCheck';
import type { JudgedAnswer } from '../pairs/judged';
import type { Message, PairStyle, Side } from '../pairs/pair';
import type { PairEdit } from '../pairs/pairEdits';

/** Characters of text that a row may send whole: a message stays below 256 KB. */
export const maxSideText = 60_000;

/** What the list at the left shows of a row. */
export interface RowSummary {
  readonly row: number;
  /** Line of the file if saved now, from 1. */
  readonly line: number;
  /** Start of the last user turn, one line, at most 200 characters; the reason for rows without a pair. */
  readonly label: string;
  readonly kind: 'pair' | 'judged' | 'not-json' | 'not-a-pair' | 'blank';
  readonly problems: number;
  /** The worst of them. */
  readonly severity: RowProblem['severity'] | null;
  readonly margin: number | null;
  /** Of a judged answer; null for other rows. */
  readonly judgedGood: boolean | null;
  readonly edited: boolean;
}

/** What a model thinks of a row. A judged answer has one side: chosen where its label is good, else rejected. */
export interface RowReward {
  readonly chosen: SideReward | null;
  readonly rejected: SideReward | null;
  /**
   * Chosen less rejected; of a judged answer its reward, negated where its label is bad. Below 0 the model disagrees
   * with the label.
   */
  readonly margin: number;
  /**
   * Margin under the weights the run started from; null where it was not scored, or where these are the reference
   * itself.
   */
  readonly before: number | null;
}

export interface SideReward {
  readonly reward: number;
  readonly tokens: number;
}

export interface RowProblem {
  readonly severity: 'error' | 'warning' | 'info';
  readonly code: string;
  readonly message: string;
  readonly side: Side | null;
}

/**
 * One row in full. Rows longer than {@link maxSideText} arrive with their texts cut and `cut: true`, and are not
 * editable here.
 */
export interface RowDetail {
  readonly revision: number;
  readonly row: number;
  readonly line: number;
  /** The line itself, where it holds neither a pair nor a judged answer. */
  readonly raw: string | null;
  readonly pair: {
    readonly style: PairStyle;
    readonly shape: string;
    readonly prompt: readonly Message[];
    readonly chosen: readonly Message[];
    readonly rejected: readonly Message[];
  } | null;
  /** A single answer judged good or bad. */
  readonly judged: {
    readonly style: JudgedAnswer['style'];
    readonly shape: string;
    readonly prompt: readonly Message[];
    readonly completion: readonly Message[];
    readonly label: boolean;
  } | null;
  readonly cut: boolean;
  readonly problems: readonly RowProblem[];
  readonly reward: RowReward | null;
  readonly edited: boolean;
}

export interface Overview {
  readonly revision: number;
  /** What the file is if it holds no JSON Lines at all, and what to do: it is shown instead of rows. */
  readonly otherKind: string | null;
  /** Rows of the document now; grows while the file is still being indexed. */
  readonly rows: number;
  /** Rows that the filter lets through, in the order of the sort. */
  readonly shown: number;
  readonly indexing: boolean;
  readonly problemRows: number;
  readonly shape: string;
  /** Why the file could not be read to its end. */
  readonly error: string | null;
  /** What only the whole file shows, most severe first. */
  readonly findings: readonly FileFinding[];
  /** What is wrong beside the file itself: rewards that cannot be read. */
  readonly notice: string | null;
  readonly rewards: RewardChoice | null;
  readonly rewardChoices: readonly RewardChoice[];
  /** Largest absolute margin or reward of the chosen rewards: the scale of all bars. */
  readonly widest: number;
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

/** What the host answers to the pair editor and tells it. Rows are pulled by page; the host pushes only "changed". */
export type PairEditorHost = {
  requests: {
    /** `reveal`: a row that somebody asked for before the view was there. */
    hello: { params: null; result: { readonly overview: Overview; readonly reveal: number | null } };
    /** Aborting it stops the search. */
    setView: { params: View; result: Overview };
    /** `from` and `count` in shown order; at most 200 rows. */
    rows: { params: { from: number; count: number }; result: { revision: number; rows: readonly RowSummary[] } };
    detail: { params: { row: number }; result: RowDetail };
    /** Where a row stands in shown order; null if the filter hides it. */
    position: { params: { row: number }; result: number | null };
    /**
     * `revision`: what the view saw when the person acted; rows that moved since are followed. Answers the row to show
     * next.
     */
    edit: {
      params: { revision: number; edit: PairEdit };
      result: { readonly row: number; readonly overview: Overview };
    };
    /** Runs a command of the workbench that the view offers as a button. */
    command: { params: { name: 'openRun' | 'train' | 'openText' | 'score' | 'goToRow' | 'save' }; result: null };
  };
  events: {
    changed: Overview;
    /** Somebody outside asks for a row: Problems panel, run panel, go-to command. */
    reveal: { row: number };
    /** A command of the palette that acts on the view's selection. */
    act: {
      name: 'swap' | 'delete' | 'duplicate' | 'insert' | 'next' | 'previous' | 'focusFilter' | 'edit' | 'sortByMargin';
    };
  };
};

export type PairEditorView = {
  requests: Record<never, never>;
  events: {
    selected: { row: number };
    /** What stands in an open text field, told at each key: kept should the view go before it can commit. */
    typed: { revision: number; edit: PairEdit };
  };
};

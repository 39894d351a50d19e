import type { ChangeKind } from '../pairs/compare/changeKind';
import type { FileFinding } from '../pairs/fileCheck';
import type { Verdict } from '../pairs/marks/mark';
import type { JudgedAnswer } from '../pairs/judged';
import type { Cell } from '../pairs/listColumns/cells';
import type { ListLayout } from '../pairs/listColumns/layout';
import type { Message, PairStyle } from '../pairs/pair';
import type { ListCounts } from '../pairs/listTally';
import type { PairRule } from '../pairs/pairRule';
import type { PairEdit } from '../pairs/pairEdits';
import type { RowReward } from '../pairs/rowRewards';
import type { PairVerdict } from '../pairs/suspects/suspectBook';
import type { ToolCall } from '../pairs/toolCalls';
import type { RowTools } from '../pairs/tools/rowTools';
import type { TurnEdit } from '../pairs/turnEdits';
import type { ComparisonOverview, ComparisonRequests, RowChange } from './comparison';
import type { BulkEvents, BulkRequests } from './bulk';
import type { FacetsRequest, FacetsSoFar } from './facets';
import type { RowProblem, RuleAction } from './rowProblem';
import type { ListDetail } from './listDetail';
import type { TokenAction, TokenCountsRequest, TokensRequest } from './tokens';
import type { ReviewField, ReviewInput, ReviewState } from './review';

/** UTF-16 units of text up to which a row is sent completely: a message stays below 256 KB. */
export const maxSideText = 60_000;

/** One row in the list on the left. */
export interface RowSummary {
  /** From 0. */
  readonly row: number;
  /** Its line in the file if it were saved now, from 1. */
  readonly line: number;
  /** Start of the last user turn, at most 200 characters on one line; for a row without a pair, the reason. */
  readonly label: string;
  readonly kind: 'pair' | 'judged' | 'list' | 'not-json' | 'not-a-pair' | 'blank';
  /** Number of problems. */
  readonly problems: number;
  /** The severity of the worst problem; null if there is none. */
  readonly severity: RowProblem['severity'] | null;
  /** The margin of the row; for a list, the lowest margin of its pairs. */
  readonly margin: number | null;
  /** The label of a judged answer; null for other rows. */
  readonly judgedGood: boolean | null;
  readonly edited: boolean;
  /** How it differs from the file that it is compared with; empty if it does not. */
  readonly change: readonly ChangeKind[];
  /** The reviewer's own mark, else the newest one; null if nobody has marked the pair. */
  readonly mark: { readonly verdict: Verdict | null; readonly flag: boolean; readonly note: boolean } | null;
  /** What the asked columns show, in their order. */
  readonly cells: readonly Cell[];
}

/** A turn to show, with the calls of tools that it makes. */
export interface ShownTurn extends Message {
  readonly calls?: readonly ToolCall[];
}

/**
 * One row with its texts. In a row with more text than {@link maxSideText} the texts are cut (`cut: true`), and the
 * view cannot edit it.
 */
export interface RowDetail {
  readonly revision: number;
  readonly row: number;
  readonly line: number;
  /** The line itself if it has neither a pair nor a judged answer, otherwise null. */
  readonly raw: string | null;
  readonly pair: {
    readonly style: PairStyle;
    /** The label of the format. */
    readonly shape: string;
    readonly prompt: readonly ShownTurn[];
    readonly chosen: readonly ShownTurn[];
    readonly rejected: readonly ShownTurn[];
  } | null;
  /** A judged answer. */
  readonly judged: {
    readonly style: JudgedAnswer['style'];
    /** The label of the format. */
    readonly shape: string;
    readonly prompt: readonly ShownTurn[];
    readonly completion: readonly ShownTurn[];
    readonly label: boolean;
  } | null;
  readonly list: ListDetail | null;
  /** Null if the row holds nothing to train on. */
  readonly tools: RowTools | null;
  readonly cut: boolean;
  readonly problems: readonly RowProblem[];
  /** The reward of a pair or a judged answer; the pairs of a list have their own rewards. */
  readonly reward: RowReward | null;
  /** What a search for wrong labels says of the label, of a list of its worst pair; null if there was none. */
  readonly suspect: PairVerdict | null;
  readonly edited: boolean;
  /** How it differs from the file that it is compared with; null if it does not. */
  readonly change: RowChange | null;
}

/** A row to show, and, if it is a list, which of its pairs, from 0. */
export interface Place {
  readonly row: number;
  readonly pair: number;
}

export interface Overview {
  readonly revision: number;
  /** Changes when rows that were sent may look different now. It stays while the file or a search only adds rows. */
  readonly listRevision: number;
  /** Changes when rows may have moved to other places in the list: another filter or order, rows added or removed. */
  readonly order: number;
  /** If the file is not JSON Lines: a sentence that says what it is and what to do, shown instead of rows. */
  readonly otherKind: string | null;
  /** For a file whose rows are shown and not edited; null for one that is edited. */
  readonly readOnly: ReadOnly | null;
  /** Whether the number of a row counts lines of the file or elements of an array. */
  readonly unit: 'line' | 'row';
  /** Rows of the document; the number grows while the file is being read. */
  readonly rows: number;
  /** Number of rows that match the filter, as far as it has searched. */
  readonly shown: number;
  /** Rows that an unfinished search has looked at; null if there is no search. */
  readonly searched: number | null;
  readonly indexing: boolean;
  /** Work on the whole file; null if it is done. */
  readonly progress: Progress | null;
  readonly problemRows: number;
  readonly shape: string;
  /** How lists of answers become pairs; null if the file, as far as it is known, has no lists. */
  readonly lists: ListsOverview | null;
  /** Why the file could not be read to its end; null if it could. */
  readonly error: string | null;
  /** Problems of the whole file, most severe first. */
  readonly findings: readonly FileFinding[];
  /** A problem other than those of the file, such as rewards that cannot be read. */
  readonly notice: string | null;
  /** Whether another window of VS Code has unsaved edits of the file. */
  readonly editedElsewhere: boolean;
  /** Null if the file is not compared with anything. */
  readonly comparison: ComparisonOverview | null;
  readonly rewards: RewardChoice | null;
  /** What they are compared with; null: the start of the run, if there is one. */
  readonly before: RewardChoice | null;
  readonly rewardChoices: readonly RewardChoice[];
  /** Largest absolute margin or reward of the selected rewards, which is the scale of all bars. */
  readonly widest: number;
}

export interface ListsOverview {
  readonly rule: PairRule;
  /** Null while the rows are checked. */
  readonly counts: ListCounts | null;
}

/** Why a file is not edited. */
export interface ReadOnly {
  /** What the file is, as one sentence. */
  readonly reason: string;
  /** Whether its rows are still being decoded, or were stopped before the end. */
  readonly reading: 'going' | 'stopped' | 'done';
}

/** How far the file is read, or its rows are checked. Only checks can be stopped. */
export interface Progress {
  readonly kind: 'reading' | 'checking';
  /** From 0 to 1. */
  readonly share: number;
  readonly stopped: boolean;
}

export interface RewardChoice {
  readonly id: string;
  readonly label: string;
  /** Whether a step of a run has these rewards. Then its start can be compared with. */
  readonly isOfRun: boolean;
}

export interface View {
  /** A query, see `parseQuery`. */
  readonly filter: string;
  /** `row` for the order of the file, else the number to sort by, see `parseSort`: `margin`, `len(chosen)`. */
  readonly sort: string;
  readonly descending: boolean;
  readonly rewards: string | null;
  /** The rewards that margins are compared with; null: the start of the run. */
  readonly before: string | null;
}

/** An edit of the selected row as a whole. */
export type RowAction = 'swap' | 'delete' | 'duplicate' | 'insert' | 'moveUp' | 'moveDown';

/** A command of VS Code behind a button or key of the view. */
export type CommandName =
  | 'openRun'
  | 'train'
  | 'openText'
  | 'score'
  | 'goToRow'
  | 'chooseFormat'
  | 'save'
  | 'saveAsLines'
  | 'explainReadOnly'
  | 'review';

/** The host's side. The view requests rows page by page; the host only announces changes. */
export type PairEditorHost = {
  requests: BulkRequests & {
    /** `reveal`: a row to show, if one was requested before the view existed. */
    hello: {
      params: null;
      result: { readonly overview: Overview; readonly reveal: Place | null; readonly columns: ListLayout };
    };
    /**
     * Sets filter, sort and rewards. A long search continues after the answer, with `changed` events. Aborting the
     * request or another `setView` ends it.
     */
    setView: { params: View; result: Overview };
    /** Chooses how the lists of the file become pairs. The file is checked again; `changed` events follow. */
    setPairRule: { params: { rule: PairRule }; result: null };
    /** Stops or continues the checks of the whole file. */
    setChecking: { params: { on: boolean }; result: Overview };
    /** Stops the decoding of a read-only file, or reads it again from the start. */
    setReading: { params: { on: boolean }; result: Overview };
    facets: FacetsRequest;
    /** `from` and `count` in shown order; at most 200 rows. `columns`: ids of columns whose cells are wanted. */
    rows: {
      params: { from: number; count: number; columns: readonly string[] };
      result: { revision: number; rows: readonly RowSummary[] };
    };
    detail: { params: { row: number }; result: RowDetail };
    tokens: TokensRequest;
    tokenCounts: TokenCountsRequest;
    tokenAction: { params: TokenAction; result: null };
    /** What a person does in a review; a `review` event follows. */
    review: { params: ReviewInput; result: null };
    /** The position of a row in the shown order; null if the filter hides it. */
    position: { params: { row: number }; result: number | null };
    /**
     * Edits a row. `revision` is the one that the view showed when the person acted; the host finds the row even if it
     * has moved since. The result has the row to show next.
     */
    edit: {
      params: { revision: number; edit: PairEdit };
      result: { readonly row: number; readonly overview: Overview };
    };
    rule: { params: RuleAction; result: null };
    /** Runs the command of a button. */
    command: {
      params: { name: CommandName };
      result: null;
    };
  } & ComparisonRequests;
  events: BulkEvents & {
    changed: Overview;
    /** The review, shown instead of the list and the pair; null when it ends. */
    review: ReviewState | null;
    /** Opens a text field of the review. */
    reviewField: ReviewField;
    /** The tokens of rows may have changed: another config was chosen, or the marks have changed. */
    tokensChanged: null;
    /** The share of the rows that are counted, from 0 to 1. */
    tokenProgress: number;
    /** Shows a row, for the Problems panel, the run panel or a command. */
    reveal: Place;
    facetsSoFar: FacetsSoFar;
    /** Shows other columns. */
    columns: ListLayout;
    /** Sets parts of the view: a filter, or a saved view. */
    show: Partial<View>;
    /** A command of a turn's context menu. `revision` is the one that the menu was opened on. */
    editTurn: { revision: number; edit: TurnEdit };
    /** A command of the palette that acts on the selected row. */
    act: {
      name: RowAction | 'next' | 'previous' | 'focusFilter' | 'edit' | 'tools' | 'sortByMargin' | 'tokens';
    };
  };
};

export type PairEditorView = {
  requests: {
    /** Answered when the edits that the person has made so far are sent and applied. */
    settled: { params: null; result: null };
  };
  events: {
    selected: Place;
    /** The person has changed the width of a column. */
    columns: ListLayout;
    /** The text of an open field, sent at each key, so that it is not lost if the view is closed before a commit. */
    typed: { revision: number; edit: PairEdit };
  };
};

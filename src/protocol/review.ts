import type { Verdict } from '../pairs/marks/mark';
import type { Progress } from '../pairs/marks/pace';
import type { Message } from '../pairs/pair';
import type { PairEdit } from '../pairs/pairEdits';
import type { SideReward } from '../pairs/rowRewards';
import type { RowProblem } from './rowProblem';

/** What a key of the review does. `left` and `right` are the answers as they are shown. */
const reviewActions = [
  'muchLeft',
  'left',
  'tie',
  'right',
  'muchRight',
  'bothBad',
  'keep',
  'swap',
  'skip',
  'flag',
  'edit',
  'note',
  'tag',
  'next',
  'undo',
  'blind',
  'sample',
  'leave',
] as const;
export type ReviewAction = (typeof reviewActions)[number];

/** The pairs of the queue to go through. `tag:NAME` for those with a tag. */
export type ReviewFacet = 'all' | 'unreviewed' | Verdict | 'skipped' | 'flagged' | 'problem' | `tag:${string}`;

/** An answer as it is shown. */
export interface ReviewSide {
  readonly turns: readonly Message[];
  readonly problems: readonly RowProblem[];
  /** Null if it is not scored, or while blind. */
  readonly reward: SideReward | null;
}

/** The pair under review. While blind, nothing here says which answer is the chosen one. */
export interface ReviewPair {
  readonly revision: number;
  /** From 0. */
  readonly row: number;
  readonly line: number;
  readonly prompt: readonly Message[];
  readonly left: ReviewSide;
  readonly right: ReviewSide;
  /** Problems of the prompt or the whole row; none while blind. */
  readonly problems: readonly RowProblem[];
  /** Null if it is not scored, or while blind. */
  readonly margin: number | null;
  /** Why its texts cannot be edited here, in a sentence; null if they can. */
  readonly fixed: string | null;
  readonly mark: ReviewMark;
}

/** The reviewer's mark of the pair, with sides as they are shown. */
export interface ReviewMark {
  /** The button of the verdict. */
  readonly choice: ReviewAction | null;
  /** By name, from −2 (right is much better) to 2 (left is). */
  readonly dimensions: Readonly<Record<string, number>>;
  readonly tags: readonly string[];
  readonly note: string;
  readonly flag: boolean;
  readonly skipped: boolean;
}

export interface ReviewCounts {
  readonly all: number;
  readonly unreviewed: number;
  readonly verdicts: Readonly<Record<Verdict, number>>;
  readonly skipped: number;
  readonly flagged: number;
  readonly problem: number;
  /** The most frequent first. */
  readonly tags: readonly (readonly [tag: string, count: number])[];
  /** Rows of the queue that do not hold one pair. */
  readonly leftOut: number;
}

/** What an annotator said of a pair on which annotators disagree. */
export interface Opinion {
  readonly annotator: string;
  readonly dimension: string;
  readonly label: string;
}

/** A review of pairs on which annotators disagree. */
export interface AdjudicationState {
  /** Who said what; null while that is hidden: blind, until the pair is decided. */
  readonly opinions: readonly Opinion[] | null;
}

export interface ReviewState {
  /** Null for a review of other pairs. */
  readonly adjudication: AdjudicationState | null;
  readonly blind: boolean;
  /** What the queue is: the filter, the order, the sample. */
  readonly queue: string;
  readonly facet: ReviewFacet;
  readonly progress: Progress;
  readonly counts: ReviewCounts;
  /** Names of the dimensions that are asked for. */
  readonly dimensions: readonly string[];
  /** Null if the facet has no pair left. */
  readonly pair: ReviewPair | null;
  /** What happened, for a person: a hint or an error; empty if nothing needs to be said. */
  readonly hint: string;
}

/** An edit of a text under review: the host knows which side it is. */
export interface ReviewEdit {
  readonly revision: number;
  readonly row: number;
  readonly side: 'prompt' | 'left' | 'right';
  readonly turn: number;
  readonly content: string;
}

/** What a person does in the review with the mouse or by typing. */
export type ReviewInput =
  | { readonly kind: 'act'; readonly action: ReviewAction }
  /** The text field that was asked for is open, or there is none. */
  | { readonly kind: 'fieldReady' }
  | { readonly kind: 'facet'; readonly facet: ReviewFacet }
  | { readonly kind: 'dimension'; readonly name: string; readonly value: number }
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'tags'; readonly tags: readonly string[] }
  /** `typed`: the text of an open field; `edit`: that of a field that was closed. */
  | ({ readonly kind: 'typed' | 'edit' } & ReviewEdit);

/** Actions that the view does itself: they open a text field. */
export type ReviewField = Extract<ReviewAction, 'edit' | 'note' | 'tag'>;

/** The edit of a pair, as the document knows it. */
export type ReviewPairEdit = Extract<PairEdit, { kind: 'text' }>;

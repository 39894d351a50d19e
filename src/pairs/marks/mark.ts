import type { JsonObject } from '../json';

/**
 * What a person says about a pair with the key of the mark:
 *
 * - `keep`: the chosen answer is better.
 * - `swap`: the rejected answer is better.
 * - `tie`: neither is better.
 * - `both_bad`: nobody should train on the pair.
 */
export const verdicts = ['keep', 'swap', 'tie', 'both_bad'] as const;
export type Verdict = (typeof verdicts)[number];

/** How much better the better answer is: 1 slightly, 2 clearly, 3 strongly. */
export type Strength = 1 | 2 | 3;

/** The largest value of a dimension, and the negative of the smallest. */
export const widestDimension = 2;

/** The complete state of one reviewer's mark of one pair. */
export interface Mark {
  /** The `pairKey` of the pair: 16 hexadecimal digits. */
  readonly key: string;
  /** Null if the person has not decided. */
  readonly verdict: Verdict | null;
  /** Null if the person did not say. */
  readonly strength: Strength | null;
  /** By name, from −2 (the rejected answer is much better) to 2 (the chosen one is); 0: neither. */
  readonly dimensions: Readonly<Record<string, number>>;
  readonly tags: readonly string[];
  readonly note: string;
  readonly flag: boolean;
  /** Whether the person looked at the pair and went on without a verdict. */
  readonly skipped: boolean;
  /** The answer that was shown first, on the left; null if unknown. */
  readonly first: 'chosen' | 'rejected' | null;
  /** Whether sides were shuffled, and models and scores hidden. */
  readonly blind: boolean;
  /**
   * Whether it decides a pair on which reviewers disagree. The same person may also have labelled the pair. The
   * decision outweighs all labels, and does not count when the agreement of labels is measured.
   */
  readonly adjudicates: boolean;
  /** The reviewer; empty for an anonymous one. */
  readonly by: string;
  /** When, as ISO 8601. */
  readonly at: string;
  /** Fields of the record that Margin does not know. They are written again with the next state of the mark. */
  readonly extra: JsonObject;
}

/** A saved edit of a row, with the row before and after it. */
export interface EditRecord {
  /** The key of the pair before; null if the row was inserted, or held no pair. */
  readonly key: string | null;
  /** The key of the pair after; null if the row was deleted, or holds no pair. */
  readonly to: string | null;
  /** What the person did, such as "Edit text". */
  readonly action: string;
  /** The row as JSON before; null if there was none. A line that is not JSON is a text. */
  readonly before: unknown;
  readonly after: unknown;
  /** Whether the edit exchanged the answers. */
  readonly swapped: boolean;
  readonly by: string;
  readonly at: string;
}

/** A mark of a pair that nobody has seen. */
export function newMark(key: string, by: string): Mark {
  return {
    key,
    verdict: null,
    strength: null,
    dimensions: {},
    tags: [],
    note: '',
    flag: false,
    skipped: false,
    first: null,
    blind: false,
    adjudicates: false,
    by,
    at: '',
    extra: {},
  };
}

/** The same mark, for the pair with its answers exchanged. */
export function exchangedMark(mark: Mark): Mark {
  const { verdict, first, dimensions } = mark;
  const negated = Object.entries(dimensions).map(([name, value]) => [name, value === 0 ? 0 : -value] as const);
  return {
    ...mark,
    verdict: verdict === 'keep' ? 'swap' : verdict === 'swap' ? 'keep' : verdict,
    first: first === null ? null : first === 'chosen' ? 'rejected' : 'chosen',
    dimensions: Object.fromEntries(negated),
  };
}

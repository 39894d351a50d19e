import type { ComparedPart } from '../../pairs/compare/rowHash';
import type { HashedRows } from './hashedRows';

/** The part of a row that an edit changed; `columns`: neither prompt nor answers, but other keys. */
export type ChangedPart = 'prompt' | 'chosen' | 'rejected' | 'answers' | 'columns';

/** What an edit changed in a row. */
export interface ChangedParts {
  readonly parts: readonly ChangedPart[];
  /** Whether the two answers were exchanged. */
  readonly swapped: boolean;
}

/** Compares a row `a` with the row `b` that it comes from. */
export function changedParts(before: HashedRows, b: number, after: HashedRows, a: number): ChangedParts {
  // The hash of a missing text is NaN. If both rows lack the text, they are equal in it, so NaN must equal NaN.
  const same = (old: ComparedPart, now: ComparedPart): boolean => Object.is(before.hash(old, b), after.hash(now, a));
  const texts = (['prompt', 'chosen', 'rejected'] as const).filter((of) => !same(of, of));
  const ofList = texts.some((of) => of !== 'prompt') || same('answers', 'answers') ? [] : (['answers'] as const);
  const parts: readonly ChangedPart[] = [...texts, ...ofList];
  const isSwapped = !same('chosen', 'chosen') && same('chosen', 'rejected') && same('rejected', 'chosen');
  return { parts: parts.length === 0 ? ['columns'] : parts, swapped: isSwapped };
}

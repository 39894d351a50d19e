import type { Mark } from '../marks/mark';

/** The fields that come from the mark of a pair. */
export const markFields = ['reviewed', 'verdict', 'tag', 'flag'] as const;
type MarkField = (typeof markFields)[number];

const yes: readonly string[] = ['yes'];
const no: readonly string[] = ['no'];
/** The value of `reviewed` for verdicts that are newer than the last commit of the file. */
export const sinceCommit = 'since-commit';
const yesSinceCommit: readonly string[] = ['yes', sinceCommit];

/** Whether a field comes from the mark of a pair. */
export function isMarkField(field: string): field is MarkField {
  return markFields.some((one) => one === field);
}

/**
 * The texts of a field of the mark of a pair.
 *
 * @param committed when the file was last committed, in milliseconds since 1970; null if that is not known
 */
export function markTexts(field: MarkField, mark: Mark | null, committed: number | null = null): readonly string[] {
  switch (field) {
    case 'reviewed':
      if (mark === null || mark.verdict === null) return no;
      return committed !== null && Date.parse(mark.at) > committed ? yesSinceCommit : yes;
    case 'verdict':
      return mark === null || mark.verdict === null ? [] : [mark.verdict];
    case 'tag':
      return mark === null ? [] : mark.tags;
    case 'flag':
      return mark !== null && mark.flag ? yes : no;
  }
}

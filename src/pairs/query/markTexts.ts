import type { Mark } from '../marks/mark';

/** The fields that come from the mark of a pair. */
export const markFields = ['reviewed', 'verdict', 'tag', 'flag'] as const;
type MarkField = (typeof markFields)[number];

const yes: readonly string[] = ['yes'];
const no: readonly string[] = ['no'];

export function isMarkField(field: string): field is MarkField {
  return markFields.some((one) => one === field);
}

/** The texts of a field of the mark of a pair. */
export function markTexts(field: MarkField, mark: Mark | null): readonly string[] {
  switch (field) {
    case 'reviewed':
      return mark === null || mark.verdict === null ? no : yes;
    case 'verdict':
      return mark === null || mark.verdict === null ? [] : [mark.verdict];
    case 'tag':
      return mark === null ? [] : mark.tags;
    case 'flag':
      return mark !== null && mark.flag ? yes : no;
  }
}

import { rules } from '../rules/table';

/** The rules that {@link QuickCheck} rules out, except those that only a whole file or a model shows. */
const covered: ReadonlySet<string> = new Set([
  ...['not-json', 'not-an-object', 'too-deep', 'unknown-shape', 'mixed-shape', 'missing-field', 'wrong-type'],
  ...['lost-question', 'json-as-text', 'label-not-boolean', 'list-lengths', 'no-snapshot', 'other-format'],
  ...['row-fails', 'tie', 'no-verdict', 'not-looked-at', 'empty-answer', 'identical-answers', 'truncated-answer'],
  ...['empty-prompt', 'no-shared-prompt', 'prompt-differs', 'repeated-prompt', 'unknown-role', 'role-order'],
  ...['wrong-tools', 'bad-weight', 'unread-key', 'how-read', 'template-text', 'media-placeholder', 'media-part'],
  ...['json-answer', 'almost-transcript', 'unfilled-template', 'invented-turn', 'control-characters', 'mojibake'],
  ...['other-script', 'score-contradicts', 'secret', 'personal-data', 'refusal', 'white-space'],
  ...['unrated-answer', 'few-answers', 'no-pairs'],
]);

/** The rules of rows that are not covered. While there are any, all rows are parsed. */
export const uncoveredRules = rules.filter(
  ({ id, foundBy }) => (foundBy === 'row' || foundBy === 'reading') && !covered.has(id),
);

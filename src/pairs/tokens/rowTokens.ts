/**
 * Why a trainer leaves out a row:
 *
 * - `error`: it holds nothing that the trainer trains on, or has an error that the checks find.
 * - `refused`: the model's chat template or tokenizer refuses it.
 * - `long-prompt`: its prompt alone fills `max_length`.
 * - `tie`: none of its answers is better.
 * - `marks`: with `use_marks`, its marks say that it is a tie or that both answers are bad.
 */
export const dropReasons = ['error', 'refused', 'long-prompt', 'tie', 'marks'] as const;
export type DropReason = (typeof dropReasons)[number];

/** How many tokens a row has under a training config, and whether the trainer cuts it or leaves it out. */
export interface RowTokens {
  /** Tokens of the prompt and the longest answer, before `max_length` cuts; null if the row is not tokenised. */
  readonly length: number | null;
  /** Tokens that `max_length` cuts from the ends of its answers. */
  readonly lost: number;
  /** Null if the row is trained on, or blank. */
  readonly dropped: DropReason | null;
}

/** The fields of the filter that {@link RowTokens} answers. */
const tokenFields = ['tokens', 'cut', 'dropped'] as const;
export type TokenField = (typeof tokenFields)[number];

/** Whether a field of the filter needs the tokens of a row. */
export function isTokenField(field: string): field is TokenField {
  return tokenFields.some((one) => one === field);
}

const yes: readonly string[] = ['yes'];
const no: readonly string[] = ['no'];
const droppedFor = Object.fromEntries(dropReasons.map((reason) => [reason, [reason, 'yes']]));

/** The texts of `cut` and `dropped` in the filter. A row that is left out for a reason has `yes` and the reason. */
export function tokenLabels({ lost, dropped }: RowTokens, field: 'cut' | 'dropped'): readonly string[] {
  if (field === 'cut') return lost > 0 && dropped === null ? yes : no;
  return dropped === null ? no : (droppedFor[dropped] ?? yes);
}

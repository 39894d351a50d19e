/** A field of the filter language. */
export interface Field {
  readonly name: string;
  /**
   * `number`: is compared. `text`: a value is found anywhere in it. `choice`: a value is the whole text. Upper and
   * lower case are equal.
   */
  readonly type: 'number' | 'text' | 'choice';
  /** The unit of a number; null if it has none. */
  readonly unit: string | null;
  /** Whether it names a part of the row, as in `len(chosen)`. */
  readonly part: 'none' | 'optional' | 'required';
  /** All values of a choice; null if the rows have their own. */
  readonly values: readonly string[] | null;
  /**
   * Where its values come from. `facts`: what the program knows of each row. `content`: the row itself. `both`: the
   * row, and what the whole file shows of it.
   */
  readonly from: 'facts' | 'content' | 'both';
  /** One sentence for a person. */
  readonly help: string;
  readonly example: string;
}

export const number = { type: 'number', unit: null, part: 'none', values: null, from: 'content' } as const;
export const text = { type: 'text', unit: null, part: 'none', values: null, from: 'content' } as const;
export const choice = { type: 'choice', unit: null, part: 'none', values: null, from: 'content' } as const;
export const yesNo = { ...choice, values: ['yes', 'no'] } as const;

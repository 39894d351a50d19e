/** How a row differs from the row that it comes from. A row may be both `edited` and `moved`. */
export const changeKinds = ['added', 'edited', 'moved'] as const;
export type ChangeKind = (typeof changeKinds)[number];

/** Rows of each kind, and rows that are gone. A row that was edited and moved counts in both. */
export type ChangeCounts = Readonly<Record<ChangeKind | 'lost', number>>;

const unchanged: readonly string[] = ['no'];

/** The texts of the field `changed` of a row. */
export function changeTexts(kinds: readonly ChangeKind[]): readonly string[] {
  return kinds.length === 0 ? unchanged : ['yes', ...kinds];
}

export interface Sorting<Column extends string> {
  readonly sort: Column;
  readonly descending: boolean;
}

/** The sorting after a click on a column's header: the sorted column changes its direction, another one rises. */
export function sortedBy<Column extends string>(now: Sorting<Column>, column: Column): Sorting<Column> {
  return { sort: column, descending: now.sort === column && !now.descending };
}

/** The mark after a column's label. */
export function sortMark<Column extends string>({ sort, descending }: Sorting<Column>, column: Column): string {
  if (sort !== column) return '';
  return descending ? ' ▼' : ' ▲';
}

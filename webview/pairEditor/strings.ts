/** Words of the pair editor. */
export const strings = {
  filter: 'Filter: words, margin:<0, problem, line:12',
  empty: 'The file has no rows yet.',
  nothingShown: 'No row passes the filter.',
  insertFirst: 'Insert a pair',
  rowLabel: 'Pairs of the file',
  notEditable: 'This row is too long to edit here. Open the file as text.',
  saveRaw: 'Apply',
} as const;

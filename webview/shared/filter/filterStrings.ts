/** The texts of the field of a filter. */
export const filterStrings = {
  name: 'Filter',
  fields: 'Fields and values',
  soFar: (count: string, percent: string): string => `${count} so far, in ${percent} of the rows; Esc stops`,
  showFields: 'Show the fields of the filter (Ctrl+Space)',
} as const;

/** The texts of the field of a row's tools. */
export const toolStrings = {
  label: 'Tools, as a list in JSON',
  edit: 'Edit the tools, a list in JSON',
  summary: (names: readonly string[]): string => (names.length === 0 ? 'Tools' : `Tools: ${names.join(', ')}`),
  keptAsText: 'The row keeps this list as a JSON string.',
  place: (line: number, column: number, message: string): string => `Line ${line}, column ${column}: ${message}`,
  more: (count: number): string => (count === 1 ? '1 more mistake' : `${count} more mistakes`),
  unsaved: 'Not in the row yet, because it is not a list in JSON.',
  resume: 'Edit',
  discard: 'Discard',
  hint: 'An empty field removes the tools.',
} as const;

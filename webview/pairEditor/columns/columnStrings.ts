/** The texts of the columns of the list. */
export const columnStrings = {
  menu: 'Columns of the list',
  hidden: (names: readonly string[]): string =>
    names.length === 1
      ? `1 column does not fit: ${names.join('')}`
      : `${names.length} columns do not fit: ${names.join(', ')}`,
  more: (count: number): string => `+${count}`,
  keys: (help: string): string => `${help}. Alt+← and Alt+→: width`,
  width: (title: string, pixels: number): string => `${title}: ${pixels} pixels wide`,
} as const;

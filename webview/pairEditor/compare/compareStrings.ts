import type { ChangeKind } from '../../../src/pairs/compare/changeKind';
import type { PartChange } from '../../../src/pairs/compare/partChanges';

/** The texts of the comparison with another file. */
export const compareStrings = {
  label: 'Comparison',
  comparing: (percent: string): string => `Comparing… ${percent}`,
  compared: (name: string): string => `Compared with ${name}:`,
  same: 'no row differs',
  show: (kind: ChangeKind, count: string): string => `Show the rows that were ${kind}: ${count}`,
  showLost: (count: string): string => `Show the rows that are gone: ${count}`,
  lost: 'lost',
  all: 'all changes',
  stop: 'End the comparison',
  kinds: { added: 'Added', edited: 'Edited', moved: 'Moved' },
  change: 'What changed in this row',
  since: (kinds: string, name: string): string => `${kinds} since ${name}`,
  wasLine: (line: string): string => `was line ${line}`,
  restore: 'Restore',
  restoreTitle: 'Make the row as it was; Ctrl+Z takes it back',
  moveBack: 'Move back',
  moveBackTitle: 'Move the row to where it was; Ctrl+Z takes it back',
  inEditor: 'Diff in editor',
  inEditorTitle: 'Show the row before and now in the diff editor of VS Code',
  before: 'Before',
  now: 'Now',
  parts: {
    prompt: 'Prompt',
    chosen: 'Chosen',
    rejected: 'Rejected',
    completion: 'Answer',
    columns: 'Other keys',
    row: 'Row',
  } satisfies Readonly<Record<PartChange['part'], string>>,
  cut: 'Long texts are cut here. Diff in editor shows all of them.',
  lostRows: 'Rows that are gone',
  lostHint: (count: number, shown: string, name: string): string =>
    `${count === 1 ? '1 row' : `${shown} rows`} of ${name} ${count === 1 ? 'is' : 'are'} not in this file.`,
  back: 'Back to the rows',
  restored: 'Row restored',
} as const;

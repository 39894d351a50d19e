import type { DuplicatesState, GroupSummary } from '../../src/protocol/duplicates';
import { counted } from '../shared/format';

type Unit = DuplicatesState['unit'];

const names = { line: 'Line', row: 'Row' } as const;
const rows = (count: number): string => (count === 1 ? '1 row' : `${counted(count)} rows`);

export const strings = {
  list: 'Groups of duplicates',
  groups: (count: number): string => (count === 1 ? '1 group' : `${counted(count)} groups`),
  redundant: (count: number): string =>
    count === 1 ? '1 row repeats an earlier row' : `${counted(count)} rows repeat an earlier row`,
  keepFirst: 'Keep the first of each group',
  search: 'Look again',
  undo: (count: number): string => `Put back ${rows(count)}`,
  deleted: (count: number): string => `${rows(count)} deleted. The file changes when you save it.`,
  restored: 'The rows are back.',
  kept: 'The group is off the list. Its rows stay.',
  changed: 'The rows have changed since the search. Look again to see the duplicates of the file as it is now.',
  readOnly: 'This file is shown read-only, so no row can be deleted. Save it as JSON Lines first.',
  none: 'No duplicates are left.',
  numbers: (unit: Unit, list: readonly number[]): string =>
    `${names[unit]} ${list
      .slice(0, 4)
      .map((row) => counted(row + 1))
      .join(', ')}${list.length > 4 ? ', …' : ''}`,
  number: (unit: Unit, row: number): string => `${names[unit]} ${counted(row + 1)}`,
  kind: ({ kind, similarity }: Pick<GroupSummary, 'kind' | 'similarity'>): string =>
    kind === 'near' ? `near, ${similarity.toFixed(2)}` : kind,
  kinds: {
    exact: 'The texts of these rows are the same.',
    normalised: 'The texts of these rows differ in case, white space or punctuation only.',
    near: 'The texts of these rows have most of their words in common.',
  } satisfies Readonly<Record<GroupSummary['kind'], string>>,
  keep: (others: number): string =>
    others === 1 ? 'Keep this, delete the other' : `Keep this, delete ${others} others`,
  keepAll: 'Keep all',
  show: 'Show in the pair editor',
  more: (count: number): string => `… and ${counted(count)} more characters`,
  moreRows: (count: number): string => `${rows(count)} more are not shown.`,
  same: 'the same',
};

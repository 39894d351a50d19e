import { writtenPath } from '../query/parsePath';
import { parseSort } from '../query/parseSort';
import { rewardColumns } from './rewardColumns';

/** A column that the list of pairs can show. */
export interface ListColumn {
  /** Written as in filters and sort orders: `len(chosen)`, `.meta.topic`. */
  readonly id: string;
  /** The text of its head. */
  readonly title: string;
  /** One sentence for a person. */
  readonly help: string;
  readonly kind: 'number' | 'text';
  /** The text to sort by, see `parseSort`. */
  readonly sort: string;
  /** The usual width in CSS pixels. For a long text, which shares the remaining space, it is the least width. */
  readonly width: number;
  /** Whether it shares the remaining space. */
  readonly isLong: boolean;
}

const number = { kind: 'number', width: 56, isLong: false } as const;
const text = { kind: 'text', width: 96, isLong: false } as const;
const long = { kind: 'text', width: 130, isLong: true } as const;

/** The columns that every file has, in the order in which they are offered. */
export const listColumns: readonly ListColumn[] = [
  { ...number, id: 'row', title: '#', help: 'The number of the row', sort: 'row', width: 52 },
  { ...long, id: 'prompt', title: 'Prompt', help: 'The start of the last user turn', sort: 'prompt' },
  { ...long, id: 'chosen', title: 'Chosen', help: 'The start of the chosen answer', sort: 'chosen' },
  { ...long, id: 'rejected', title: 'Rejected', help: 'The start of the rejected answer', sort: 'rejected' },
  {
    ...number,
    id: 'margin',
    title: 'margin',
    help: 'The reward margin under the chosen run',
    sort: 'margin',
    width: 102,
  },
  ...rewardColumns,
  {
    ...number,
    id: 'suspect',
    title: 'Suspect',
    help: 'The probability that the label is the wrong way round',
    sort: 'suspect',
    width: 62,
  },
  {
    ...text,
    id: 'suspected',
    title: 'Suspected',
    help: 'What the search for wrong labels says: flipped, tie or clean',
    sort: 'suspected',
    width: 74,
  },
  { ...text, id: 'verdict', title: 'Verdict', help: 'What the reviewer decided', sort: 'verdict', width: 64 },
  {
    ...number,
    id: 'strength',
    title: 'Strength',
    help: 'How much better the better answer is, from 1 to 3',
    sort: 'strength',
  },
  { ...text, id: 'tags', title: 'Tags', help: 'The tags that the reviewer gave the pair', sort: 'tag' },
  {
    ...number,
    id: 'problems',
    title: 'Problems',
    help: 'The number of problems of the row',
    sort: 'problems',
    width: 62,
  },
  {
    ...text,
    id: 'model',
    title: 'Model',
    help: 'The models that wrote the answers, as the row names them',
    sort: 'model',
  },
  { ...text, id: 'source', title: 'Source', help: 'Where the row comes from', sort: 'source' },
  ...(['chosen', 'rejected'] as const).map((side) => ({
    ...number,
    id: `score(${side})`,
    title: `Score ${side}`,
    help: `The score that the row gives the ${side} answer`,
    sort: `score(${side})`,
    width: 86,
  })),
  ...(['prompt', 'chosen', 'rejected'] as const).map((side) => ({
    ...number,
    id: `len(${side})`,
    title: `Len ${side}`,
    help: side === 'prompt' ? 'The characters of the prompt' : `The characters of the ${side} answer`,
    sort: `len(${side})`,
    width: 78,
  })),
  {
    ...number,
    id: 'tokens',
    title: 'Tokens',
    help: 'Tokens under the train config, of rows that were counted',
    sort: 'tokens',
  },
  {
    ...number,
    id: 'turns',
    title: 'Turns',
    help: 'Turns of the prompt and the longer answer',
    sort: 'turns',
    width: 48,
  },
  {
    ...number,
    id: 'weight',
    title: 'Weight',
    help: 'What multiplies the loss of the pair; empty for 1',
    sort: 'weight',
  },
];

const byId = new Map(listColumns.map((column) => [column.id, column]));

/** The column with an id: one of {@link listColumns}, or a key of the rows, `.meta.topic`; null if there is none. */
export function listColumn(id: string): ListColumn | null {
  const known = byId.get(id);
  if (known) return known;
  const keys = keysOfColumn(id);
  if (keys === null || writtenPath(keys) !== id) return null;
  return { ...text, id, title: id, help: `The value of ${id} in the row`, sort: id };
}

/** The keys of a column such as `.meta.topic`; null for a column that is not a key of the rows. */
export function keysOfColumn(id: string): readonly string[] | null {
  if (!id.startsWith('.')) return null;
  try {
    const { by } = parseSort(id);
    return by.kind === 'textAt' ? by.keys : null;
  } catch {
    // A text that cannot be parsed names no column.
    return null;
  }
}

import { isRecord } from '../../base/pure/isRecord';
import { asLayout, type ListLayout } from '../../pairs/listColumns/layout';
import { parseQuery } from '../../pairs/query/parseQuery';
import { parseSort } from '../../pairs/query/parseSort';
import type { View } from '../../protocol/pairEditor';

const key = 'savedViews';

/** A filter, an order and columns under a name. */
export interface SavedView extends Pick<View, 'filter' | 'sort' | 'descending'> {
  readonly name: string;
  /** Null in views that were saved before columns could be chosen: they leave the columns as they are. */
  readonly columns: ListLayout | null;
}

/** What keeps values between sessions: VS Code's memory of a workspace. */
export interface Memory {
  get(key: string): unknown;
  update(key: string, value: unknown): Thenable<void>;
}

/** The named views of a workspace, in the order of their names. */
export class SavedViews {
  constructor(private readonly memory: Memory) {}

  /** All views that can be read. Those that another version of Margin has written are kept for it. */
  get all(): readonly SavedView[] {
    return this.kept.flatMap((one) => asView(one) ?? []).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Keeps a view; it replaces one of the same name. */
  async save(view: SavedView): Promise<void> {
    await this.memory.update(key, [...this.without(view.name), view]);
  }

  async remove(name: string): Promise<void> {
    await this.memory.update(key, this.without(name));
  }

  private get kept(): readonly unknown[] {
    const kept = this.memory.get(key);
    return Array.isArray(kept) ? kept : [];
  }

  private without(name: string): readonly unknown[] {
    return this.kept.filter((one) => !isRecord(one) || one['name'] !== name);
  }
}

/** A view in a few words: its filter and its order. */
export function viewText({ filter, sort, descending }: Pick<View, 'filter' | 'sort' | 'descending'>): string {
  const rows = filter === '' ? 'all rows' : filter;
  const order =
    sort === 'row' ? (descending ? 'last row first' : '') : `by ${sort}, ${descending ? 'highest' : 'lowest'} first`;
  return order === '' ? rows : `${rows} · ${order}`;
}

function asView(value: unknown): SavedView | null {
  if (!isRecord(value)) return null;
  const { name, filter, sort, descending } = value;
  if (typeof name !== 'string' || typeof filter !== 'string' || typeof sort !== 'string') return null;
  try {
    parseQuery(filter);
    if (sort !== 'row') parseSort(sort);
    return { name, filter, sort, descending: descending === true, columns: asLayout(value['columns']) };
  } catch {
    return null;
  }
}

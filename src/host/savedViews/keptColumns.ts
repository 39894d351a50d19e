import { asLayout, type ListLayout, usualLayout } from '../../pairs/listColumns/layout';
import type { Memory } from './savedViews';

const key = 'listColumns';

/** The columns that lists of pairs show in a workspace. */
export class KeptColumns {
  constructor(private readonly memory: Memory) {}

  /** The columns that a person chose last, or the usual ones if nobody chose any. */
  get layout(): ListLayout {
    return asLayout(this.memory.get(key)) ?? usualLayout;
  }

  async keep(layout: ListLayout): Promise<void> {
    await this.memory.update(key, layout);
  }
}

import { asLayout, type ListLayout } from '../../pairs/listColumns/layout';
import type { Channel } from '../../protocol/channel';
import type { PairEditorHost, PairEditorView } from '../../protocol/pairEditor';
import type { KeptColumns } from '../savedViews/keptColumns';

/** The columns of the list of one view. What a person chooses is kept for the workspace. */
export class ViewColumns {
  private now: ListLayout;

  constructor(
    private readonly kept: KeptColumns,
    private readonly channel: Channel<PairEditorHost, PairEditorView>,
    private readonly failed: (error: unknown) => void,
  ) {
    this.now = kept.layout;
    // A person has changed the width of a column.
    channel.on('columns', (layout) => this.keep(asLayout(layout) ?? this.now));
  }

  get layout(): ListLayout {
    return this.now;
  }

  /** Shows columns, and keeps them for the files that are opened next. */
  choose(layout: ListLayout): void {
    this.show(layout);
    this.keep(layout);
  }

  /** Shows the columns of a saved view. The workspace keeps its own. */
  show(layout: ListLayout): void {
    this.now = layout;
    this.channel.emit('columns', layout);
  }

  private keep(layout: ListLayout): void {
    this.now = layout;
    this.kept.keep(layout).catch(this.failed);
  }
}

import type * as vscode from 'vscode';
import type { BulkCommand, BulkEvents, BulkRequests } from '../../protocol/bulk';
import type { Channel, Handlers } from '../../protocol/channel';
import type { PairEditorHost, PairEditorView } from '../../protocol/pairEditor';
import type { PairDocument } from '../pairEditor/pairDocument';
import type { PairViewServices } from '../pairEditor/pairViewServices';
import type { ShownRows } from '../../editor/shownRows';
import type { DocumentMarks } from '../review/documentMarks';
import { RowActions } from './rowActions';
import { TextFinder } from './textFinder';

export interface ViewBulkOptions {
  readonly panel: vscode.WebviewPanel;
  readonly document: PairDocument;
  readonly marks: DocumentMarks;
  readonly services: Pick<PairViewServices, 'notices' | 'pageSearch' | 'rowChanges'>;
  readonly shown: () => ShownRows;
  /** See `Overview.order`. */
  readonly order: () => number;
  readonly channel: Channel<PairEditorHost, PairEditorView>;
  /** While a person reviews blind, no text may be shown. @throws MarginError `blind` */
  readonly refuseIfBlind: () => void;
}

/** What a view does to many rows at once: find and replace, and actions on the selected rows. */
export class ViewBulk {
  readonly finder: TextFinder;
  readonly actions: RowActions;

  constructor(private readonly options: ViewBulkOptions) {
    this.finder = new TextFinder(options);
    this.actions = new RowActions(options);
  }

  /** Passes a command to the view, which knows the selected rows. */
  command(name: BulkCommand): void {
    this.options.channel.emit('bulkCommand', name);
  }

  /** @throws MarginError `blind` */
  refuseIfBlind(): void {
    this.options.refuseIfBlind();
  }
}

/**
 * Answers the requests about many rows. @param of returns the object that does the work; it is made after the channel
 */
export function bulkHandlers(of: () => ViewBulk): Handlers<{ requests: BulkRequests; events: BulkEvents }> {
  const bulk = (): ViewBulk => {
    of().refuseIfBlind();
    return of();
  };
  return {
    findTexts: async (asked, signal) => bulk().finder.find(asked, signal),
    nextText: async (asked) => bulk().finder.next(asked),
    previewTexts: async (asked) => bulk().finder.preview(asked),
    replaceTexts: async (asked, signal) => bulk().finder.replace(asked, signal),
    bulk: async (asked, signal) => bulk().actions.run(asked, signal),
  };
}

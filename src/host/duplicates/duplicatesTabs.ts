import * as vscode from 'vscode';
import type { Notices } from '../notices';
import type { PairDocument } from '../pairEditor/pairDocument';
import { uriName } from '../uriName';
import { viewOptions } from '../webviewHtml';
import type { FoundDuplicates } from './duplicateGroups';
import { DuplicatesPanel } from './duplicatesPanel';

/** The tabs with duplicates, one for each open document. */
export class DuplicatesTabs {
  private readonly panels = new Map<PairDocument, DuplicatesPanel>();

  constructor(
    private readonly extension: vscode.Uri,
    private readonly notices: Notices,
    private readonly reveal: (uri: vscode.Uri, row: number) => Promise<void>,
  ) {}

  /**
   * Searches a document, and shows what it finds in its tab.
   *
   * @param search finds the groups in the file as it is on the disk; undefined if the person does not save it first
   */
  async show(document: PairDocument, search: () => Promise<FoundDuplicates | undefined>): Promise<void> {
    const found = await search();
    if (!found) return;
    const open = this.panels.get(document);
    if (open) return open.show(found);
    const name = uriName(document.uri);
    if (found.groups.length === 0) {
      await this.notices.info(`${name} has no duplicates.`);
      return;
    }
    const { extension, notices } = this;
    const title = `Duplicates of ${name}`;
    const tab = vscode.window.createWebviewPanel(
      'margin.duplicates',
      title,
      vscode.ViewColumn.Active,
      viewOptions(extension),
    );
    tab.iconPath = new vscode.ThemeIcon('copy');
    tab.onDidDispose(() => this.panels.delete(document));
    const reveal = (row: number): void => void this.reveal(document.uri, row).catch(notices.error);
    this.panels.set(document, new DuplicatesPanel(tab, document, found, { extension, search, reveal }));
  }
}

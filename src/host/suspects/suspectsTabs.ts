import * as vscode from 'vscode';
import type { SavedSuspects } from '../../jsonl/node/suspects/suspectsFile';
import type { PairDocument } from '../pairEditor/pairDocument';
import type { Notices } from '../notices';
import type { OpenParts } from '../pairEditor/viewFacts';
import { uriName } from '../uriName';
import { viewOptions } from '../webviewHtml';
import type { KnownSuspects } from './knownSuspects';
import { SuspectsPanel, type SuspectsPanelServices } from './suspectsPanel';

/** The tabs with suspects, one for each open document. */
export class SuspectsTabs {
  private readonly panels = new Map<PairDocument, SuspectsPanel>();
  private readonly tabs = new Map<PairDocument, vscode.WebviewPanel>();

  constructor(
    private readonly suspects: Pick<KnownSuspects, 'of'>,
    private readonly notices: Notices,
  ) {}

  /** The file of the tab that the person works in; null if it is another one. */
  get activeFile(): vscode.Uri | null {
    for (const [document, tab] of this.tabs) if (tab.active) return document.uri;
    return null;
  }

  /** Shows a search in the tab of its document. */
  show(open: OpenParts, saved: SavedSuspects, services: SuspectsPanelServices): void {
    const { document } = open;
    const shown = this.panels.get(document);
    if (shown) return shown.reveal(saved);
    const tab = vscode.window.createWebviewPanel(
      'margin.suspects',
      `Suspects of ${uriName(document.uri)}`,
      vscode.ViewColumn.Active,
      viewOptions(services.extension),
    );
    tab.iconPath = new vscode.ThemeIcon('search-fuzzy');
    this.tabs.set(document, tab);
    tab.onDidDispose(() => {
      this.panels.delete(document);
      this.tabs.delete(document);
    });
    this.panels.set(document, new SuspectsPanel(tab, open, saved, services));
  }

  /** Shows in open tabs what the command line, or another window, has saved. */
  refresh(): void {
    for (const [{ uri }, panel] of this.panels) this.follow(uri, panel).catch(this.notices.error);
  }

  private async follow(uri: vscode.Uri, panel: SuspectsPanel): Promise<void> {
    // A tab keeps what it shows if the saved search was deleted.
    const saved = await this.suspects.of(uri.fsPath);
    if (saved) panel.show(saved);
  }
}

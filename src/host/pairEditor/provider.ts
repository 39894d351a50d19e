import * as vscode from 'vscode';
import { at, must } from '../../base/pure/must';
import type { Edit } from '../../pairs/edits';
import { sameJson } from '../../pairs/json';
import type { Reading } from '../../pairs/reading';
import type { Adjudication } from '../review/adjudication';
import type { Opponent } from '../compare/comparedSource';
import { DocumentComparison } from '../compare/documentComparison';
import { LastCommit } from '../compare/lastCommit';
import { IgnoredProblems } from '../review/ignoredProblems';
import { DocumentMarks } from '../review/documentMarks';
import { RowTokenizer } from '../tokens/rowTokenizer';
import { DocumentProblems } from '../diagnostics';
import type { CountedLists } from '../reading/choosePairRule';
import { ExternalChange } from './externalChange';
import { FileFindings } from '../../editor/fileFindings';
import { offerLines } from './offerLines';
import { DocumentWindows } from './otherWindows';
import { checksOf, columnsOf } from './pageWork';
import { PairDocument } from './pairDocument';
import { PairView } from './pairView';
import { placeOf } from './node/placeOf';
import type { PairViewServices } from './pairViewServices';
import type { OpenParts } from './viewFacts';
import { DocumentColumns } from './documentColumns';
import { RowColumns } from '../../editor/rowColumns';
import { RowScan } from '../../editor/rowScan';
import { linesOf, offerInterrupted, tellLost } from './rescuedLines';
import { SourceChange } from './sourceChange';

interface Open extends OpenParts {
  readonly external: ExternalChange | SourceChange;
  readonly views: Set<PairView>;
}

/** The pair editor for `*.jsonl`. It has its own document, because VS Code's text documents end at 50 MB. */
export class PairEditorProvider implements vscode.CustomEditorProvider<PairDocument> {
  static readonly viewType = 'margin.pairs';
  private readonly edited = new vscode.EventEmitter<vscode.CustomDocumentEditEvent<PairDocument>>();
  readonly onDidChangeCustomDocument = this.edited.event;
  private readonly checked = new vscode.EventEmitter<void>();
  /** Fires when rows of an open file were checked. */
  readonly onDidCheck = this.checked.event;
  private readonly open = new Map<string, Open>();

  constructor(
    private readonly services: PairViewServices,
    private readonly problems: vscode.DiagnosticCollection,
  ) {
    services.readings.onDidChange(() => this.readAgain());
  }

  /** The view that the person works in; null if it is another editor. */
  get active(): PairView | null {
    for (const { views } of this.open.values()) for (const view of views) if (view.panel.active) return view;
    return null;
  }

  /** What the views of a file share; null if it is not open as pairs. */
  partsOf(uri: vscode.Uri): OpenParts | null {
    return this.open.get(uri.toString()) ?? null;
  }

  documentAt(path: string): PairDocument | undefined {
    for (const { document } of this.open.values()) if (document.uri.path === path) return document;
    return undefined;
  }

  /** The view of a file; opens one if there is none. @param where whether the focus goes there, or stays */
  async viewOf(uri: vscode.Uri, where: 'front' | 'behind' = 'front'): Promise<PairView> {
    const known = [...(this.open.get(uri.toString())?.views ?? [])];
    const view = known.find(({ panel }) => panel.visible) ?? known.at(-1);
    if (view) {
      // Without a column, VS Code would move the view to the active one.
      if (where === 'front') view.panel.reveal(view.panel.viewColumn);
      return view;
    }
    const look = { viewColumn: vscode.ViewColumn.One, preserveFocus: where === 'behind' };
    await vscode.commands.executeCommand('vscode.openWith', uri, PairEditorProvider.viewType, look);
    return must([...this.openOf(must(this.documentAt(uri.path), 'the document')).views].at(-1), 'the view of a file');
  }

  /**
   * Opens a file as pairs and selects a row.
   *
   * @param key the key of the pair, which finds it if lines have moved; null to go by the row alone
   */
  async reveal(uri: vscode.Uri, row: number, key: string | null = null): Promise<void> {
    const { open, view } = await this.opened(uri);
    if (!open) return;
    const place = key === null ? { row, pair: 0 } : await placeOf(open, row, key);
    view?.reveal(place.row, place.pair);
  }

  /** Opens a file as pairs, and the review of those on which annotators disagree. */
  async adjudicate(uri: vscode.Uri, adjudication: Adjudication): Promise<void> {
    const { view } = await this.opened(uri);
    await view?.review.adjudicate(adjudication);
  }

  private async opened(uri: vscode.Uri): Promise<{ readonly open?: Open; readonly view?: PairView }> {
    await vscode.commands.executeCommand('vscode.openWith', uri, PairEditorProvider.viewType);
    const open = this.open.get(uri.toString());
    const view = open && ([...open.views].find(({ panel }) => panel.active) ?? [...open.views].at(-1));
    return { ...(open && { open }), ...(view && { view }) };
  }

  /** Opens a file as pairs, compares it, and shows the rows that changed. */
  async compare(uri: vscode.Uri, opponent: Opponent): Promise<void> {
    const { open, view } = await this.opened(uri);
    const { comparison } = must(open, 'the document that was opened');
    if (await comparison.start(opponent)) view?.show({ filter: 'changed:yes' });
  }

  /**
   * Opens a file as pairs, and gives the counts of its lists.
   *
   * @returns null if the file was checked and has no lists
   */
  async listsOf(uri: vscode.Uri): Promise<CountedLists | null> {
    if (!this.open.has(uri.toString()))
      await vscode.commands.executeCommand('vscode.openWith', uri, PairEditorProvider.viewType);
    const { document, findings, scan } = must(this.open.get(uri.toString()), 'the document that was opened');
    if (document.otherKind !== null || (findings.areKnown && findings.lists === null)) return null;
    return { counts: () => findings.lists?.counts ?? null, onDidChange: this.onDidCheck, shape: () => scan.shape };
  }

  /** The line of the text, from 0, in which the row that the person works on begins; null if no view shows the file. */
  lineAt(uri: vscode.Uri): number | null {
    const { active } = this;
    if (active?.document.uri.toString() !== uri.toString()) return null;
    return at(active.document.lines.saved.places([active.selected.row]), 0).line;
  }

  rewardsChanged(): void {
    for (const { views } of this.open.values()) for (const view of views) view.rewardsChanged();
  }

  async openCustomDocument(uri: vscode.Uri, { backupId }: vscode.CustomDocumentOpenContext): Promise<PairDocument> {
    const { notices } = this.services;
    const kept = (message: string, edits: readonly Edit[]): void =>
      offerLines(notices, message, 'Show the unsaved lines', linesOf(edits));
    const document = await PairDocument.open(uri, backupId, this.services, kept);
    notices.log.info(`Opened as pairs: ${uri.fsPath}`);
    offerInterrupted(notices, uri, document.lines.interrupted);
    document.reading = this.services.readings.of(uri);
    const views = new Set<PairView>();
    const reading = (): Reading => document.reading;
    const checks = checksOf(document.lines, this.services.rowChecker);
    const findings = new FileFindings(document.lines, reading, checks, () => {
      problems.publish();
      this.checked.fire();
      for (const view of views) view.checked();
    });
    const scanned = (): void => {
      if (scan.isComplete) findings.soon();
      for (const view of views) view.scanned();
    };
    const scan = new RowScan(document.lines, reading, checks, (page) => findings.feed(page), scanned);
    const { tokenConfigs, tokenProcess } = this.services;
    const tokens = new RowTokenizer(uri.fsPath, reading, tokenConfigs, tokenProcess, () => {
      columns.forgetTokens();
      for (const view of views) view.tokensChanged();
    });
    const stored = new DocumentColumns(document.lines, reading, this.services.columnStore);
    const columns = new RowColumns(
      document.lines,
      reading,
      columnsOf(document.lines, this.services.pageColumns),
      tokens,
      stored,
    );
    const problems = new DocumentProblems(document, findings, this.problems);
    if (document.otherKind !== null) problems.publish();
    const marks = new DocumentMarks(document, scan, this.services.reviewer, notices);
    const ignored = new IgnoredProblems({ document, marks, scan, findings, columns }, () => {
      for (const view of views) view.checked();
    });
    const comparison = new DocumentComparison(document, this.services);
    const followed = marks.onDidChange(() => tokens.marksChanged());
    const { copy } = document;
    const windows = new DocumentWindows(document, this.services.windows, notices);
    const external = copy ? new SourceChange(document, copy, notices) : new ExternalChange(document, notices, windows);
    const edits = document.onDidEdit((event) => this.edited.fire(event));
    const looks = { dispose: () => (scan.close(), findings.close(), columns.close(), windows.dispose()) };
    const lastCommit = new LastCommit(uri);
    const parts = [external, problems, edits, looks, marks, ignored, comparison, followed, tokens];
    const subscriptions = vscode.Disposable.from(...parts);
    this.open.set(uri.toString(), {
      document,
      scan,
      findings,
      columns,
      marks,
      ignored,
      comparison,
      tokens,
      external,
      views,
      lastCommit,
      windows,
    });
    document.onDidDispose(() => {
      subscriptions.dispose();
      this.open.delete(uri.toString());
    });
    return document;
  }

  /** Scans and checks documents again if their rows are now read in another way. */
  private readAgain(): void {
    for (const { document, scan, findings, columns, comparison, tokens, views } of this.open.values()) {
      const reading = { ...this.services.readings.of(document.uri), ignored: document.reading.ignored };
      if (sameJson(reading, document.reading)) continue;
      document.reading = reading;
      findings.forget();
      columns.clear();
      tokens.forget();
      scan.restart();
      comparison.again();
      for (const view of views) view.readingChanged();
    }
  }

  resolveCustomEditor(document: PairDocument, panel: vscode.WebviewPanel): void {
    const open = this.openOf(document);
    const view = new PairView(panel, open, this.services);
    open.views.add(view);
    panel.onDidDispose(() => {
      view.dispose();
      open.views.delete(view);
    });
  }

  async saveCustomDocument(document: PairDocument, cancellation: vscode.CancellationToken): Promise<void> {
    await this.settled(document);
    const { external } = this.openOf(document);
    // A read-only file has nothing to save.
    if (external instanceof SourceChange) return;
    await document.whileSaving(() => external.save(signalOf(cancellation)));
  }

  async saveCustomDocumentAs(
    document: PairDocument,
    target: vscode.Uri,
    cancellation: vscode.CancellationToken,
  ): Promise<void> {
    if (document.copy) return this.services.saver.saveAs(document.uri, target);
    await this.settled(document);
    const lost = await document.lines.saveAs(target.fsPath, signalOf(cancellation));
    tellLost(this.services.notices, document.uri, lost);
  }

  /** Settles when the document has the edits that its views have been asked for. */
  private async settled(document: PairDocument): Promise<void> {
    await Promise.all([...this.openOf(document).views].map((view) => view.settled()));
    await document.settled();
  }

  async revertCustomDocument(document: PairDocument): Promise<void> {
    await document.settled();
    await document.lines.revert();
  }

  async backupCustomDocument(
    document: PairDocument,
    { destination }: vscode.CustomDocumentBackupContext,
    cancellation: vscode.CancellationToken,
  ): Promise<vscode.CustomDocumentBackup> {
    const remove = async (): Promise<void> => {
      document.endBackup(destination.fsPath);
      // The backup may be gone already.
      await Promise.resolve(vscode.workspace.fs.delete(destination)).catch(() => undefined);
    };
    await document.backup(destination.fsPath);
    if (cancellation.isCancellationRequested) {
      await remove();
      throw new vscode.CancellationError();
    }
    return { id: destination.toString(), delete: () => remove() };
  }

  private openOf(document: PairDocument): Open {
    const open = this.open.get(document.uri.toString());
    if (!open) throw new Error(`${document.uri.fsPath} is not open`);
    return open;
  }
}

function signalOf(cancellation: vscode.CancellationToken): AbortSignal {
  const controller = new AbortController();
  cancellation.onCancellationRequested(() => controller.abort(new vscode.CancellationError()));
  return controller.signal;
}

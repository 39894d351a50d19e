import * as vscode from 'vscode';
import { MarginError } from '../../base/pure/marginError';
import type { DocumentChange } from '../../jsonl/documentChange';
import type { Channel } from '../../protocol/channel';
import type { PairEditorHost, PairEditorView, View } from '../../protocol/pairEditor';
import type { ReviewAction, ReviewField, ReviewInput } from '../../protocol/review';
import type { Notices } from '../notices';
import type { PairDocument } from '../pairEditor/pairDocument';
import type { RowPages } from '../pairEditor/rowPages';
import type { ShownRows } from '../../editor/shownRows';
import type { TypedText } from '../../editor/typedText';
import type { DocumentMarks } from './documentMarks';
import { type Adjudication, Opinions } from './adjudication';
import { applyMarks } from './applyMarks';
import { askSample } from './askSample';
import { FieldGate } from './fieldGate';
import { showHistory } from './pairHistory';
import { ReviewQueue } from './reviewQueue';
import { ReviewSession } from './reviewSession';

export interface ViewReviewOptions {
  readonly panel: vscode.WebviewPanel;
  readonly document: PairDocument;
  readonly marks: DocumentMarks;
  readonly notices: Notices;
  /** Settles when all rows are scanned. */
  readonly scanned: Promise<void>;
  readonly shown: () => ShownRows;
  readonly view: () => View;
  readonly problemsAt: (row: number) => number;
  readonly pages: RowPages;
  readonly typed: TypedText;
  readonly channel: Channel<PairEditorHost, PairEditorView>;
  /** Selects a row in the editor. */
  readonly select: (row: number) => void;
}

/** The review of a view: started by a command, ended by Esc. */
export class ViewReview implements vscode.Disposable {
  private session: ReviewSession | null = null;
  /** Null while the rows of the editor are reviewed. */
  private adjudication: Adjudication | null = null;
  private readonly queue: ReviewQueue;
  private readonly gate = new FieldGate();

  constructor(private readonly options: ViewReviewOptions) {
    const { document, marks, problemsAt, shown, panel } = options;
    this.queue = new ReviewQueue({
      shown,
      rowCount: () => document.lines.rowCount,
      isPair: (row) => marks.isPair(row),
      markAt: (row) => marks.ownMarkAt(row, this.adjudication !== null),
      problemsAt,
    });
    panel.onDidChangeViewState(() => panel.active && this.setContext());
  }

  get isBlind(): boolean {
    return this.session !== null && this.session.isBlind;
  }

  /** Starts the review of the rows of the editor. */
  async start(): Promise<void> {
    if (this.session) return this.session.show();
    await this.begin(null, null);
  }

  /** Starts the review of given rows, in their order. @param name what the rows are, for the person */
  async startWith(rows: readonly number[], name: string): Promise<void> {
    this.leave();
    await this.begin(null, rows, name);
  }

  /** Starts a review of pairs on which annotators disagree. Their marks decide, and are no labels of this person. */
  async adjudicate(adjudication: Adjudication): Promise<void> {
    this.leave();
    const rows = await this.options.marks.rowsOf(adjudication.pairs);
    await this.begin(adjudication, rows);
  }

  private async begin(adjudication: Adjudication | null, rows: readonly number[] | null, name = ''): Promise<void> {
    const { marks, document, notices, pages, typed, channel } = this.options;
    if (!(await marks.reviewer.ask(vscode.Uri.joinPath(document.uri, '..').fsPath))) return;
    const settings = vscode.workspace.getConfiguration('margin.review', document.uri);
    this.adjudication = adjudication;
    this.queue.give(rows);
    this.session = new ReviewSession({
      marks,
      queue: this.queue,
      dimensions: settings.get<readonly string[]>('dimensions', []),
      blind: settings.get('blind', false),
      opinions: adjudication && new Opinions(adjudication, (key, other) => marks.isFrom(key, other)),
      queueText: () => queueText(this.options.view(), this.queue, adjudication ? adjudication.name : name),
      fixed: () => document.copy?.state.reason ?? null,
      detail: (row) => pages.detail(row),
      edit: (edit, revision) => document.apply(edit, revision, typed.leave(edit, revision)),
      typed: (edit, revision) => typed.take(edit, revision),
      undoEdit: () => vscode.commands.executeCommand('undo'),
      show: (state) => channel.emit('review', state),
      failed: notices.error,
    });
    this.setContext();
    await this.session.start();
  }

  /** What the person does in the view. */
  async take(input: ReviewInput): Promise<void> {
    if (input.kind === 'fieldReady') return this.gate.open();
    if (input.kind === 'act') return this.act(input.action);
    await this.session?.take(input);
  }

  async act(action: ReviewAction): Promise<void> {
    if (this.gate.isClosed) return;
    if (action === 'leave') return this.leave();
    if (action === 'sample') return this.askSample();
    if (action === 'edit' || action === 'note' || action === 'tag') return this.openField(action);
    if (action === 'blind') await this.keepBlind();
    await this.session?.act(action);
  }

  private openField(field: ReviewField): void {
    this.gate.close();
    this.options.channel.emit('reviewField', field);
  }

  /** Applies the marks to the rows, after a preview. */
  async applyMarks(): Promise<void> {
    const { scanned, document, marks, notices } = this.options;
    // Only a scanned row has marks.
    await scanned;
    await applyMarks(document, marks, notices);
  }

  /** Shows the saved edits of the pair under review, or of the selected one. */
  async showHistory(selected: number): Promise<void> {
    const { document, marks, notices } = this.options;
    const row = this.session && this.session.row;
    await showHistory(document, row ?? selected, marks, notices);
  }

  /** Sends the review to a view that was made again. */
  resend(): void {
    this.session?.show();
  }

  /** Called when rows were scanned or marks have changed. */
  changed(): void {
    this.session?.changed();
  }

  follow(change: DocumentChange): void {
    this.session?.follow(change);
  }

  /** While a person reviews blind, the view gets no other data of rows. @throws MarginError `blind` */
  refuseIfBlind(): void {
    if (this.isBlind) throw new MarginError('blind', 'The rows are hidden while you review blind. Press Esc to leave.');
  }

  dispose(): void {
    this.session?.close();
    if (this.session) this.end();
  }

  private leave(): void {
    const { session } = this;
    if (!session) return;
    session.close();
    this.end();
    if (session.row !== null) this.options.select(session.row);
    this.options.channel.emit('review', null);
    const { notices } = this.options;
    if (session.sentence !== null) notices.info(session.sentence).then(undefined, notices.error);
  }

  private end(): void {
    this.session = null;
    this.adjudication = null;
    this.setContext();
  }

  private async askSample(): Promise<void> {
    if (!this.session) return;
    const sample = await askSample(this.queue.sample);
    this.options.panel.reveal();
    if (sample === undefined) return;
    await this.options.marks.known();
    await this.queue.take(sample);
    await this.session.start();
  }

  /** The next review begins as this one was. */
  private async keepBlind(): Promise<void> {
    const settings = vscode.workspace.getConfiguration('margin.review');
    await settings.update('blind', !this.isBlind, vscode.ConfigurationTarget.Global);
  }

  private setContext(): void {
    vscode.commands
      .executeCommand('setContext', 'margin.reviewing', this.session !== null)
      .then(undefined, this.options.notices.error);
  }
}

/** `margin:<0 · by margin, lowest first · sample of 50, seed 1`. @param name of given rows; empty for the filter */
function queueText({ filter, sort, descending }: View, { sample }: ReviewQueue, name: string): string {
  const order = sort === 'row' ? '' : `by ${sort}, ${descending ? 'highest' : 'lowest'} first`;
  const part = sample ? `sample of ${sample.count}, seed ${sample.seed}` : '';
  const rows = name === '' ? [filter, order] : [name];
  const parts = [...rows, part].filter((text) => text !== '');
  return parts.length === 0 ? 'all pairs' : parts.join(' · ');
}

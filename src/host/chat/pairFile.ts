import { basename } from 'node:path';
import * as vscode from 'vscode';
import { MarginError } from '../../base/pure/marginError';
import { inverse, type Edit } from '../../pairs/edits';
import type { Pair } from '../../pairs/pair';
import type { PairEditorProvider } from '../pairEditor/provider';
import { type AppendedPair, appendToFile } from './appendToFile';
import { chatLine, type ChatProvenance } from './provenance';
import type { Readings } from '../reading/readings';

const label = 'Add pair from a chat';

/** Appends pairs to files: as an edit where the file is open as pairs, else on the disk. */
export class PairFiles {
  constructor(
    private readonly editor: Pick<PairEditorProvider, 'partsOf'>,
    private readonly readings: Pick<Readings, 'of'>,
  ) {}

  /** @throws MarginError `read-only`, `text-editor`, and those of reading and writing */
  async append(uri: vscode.Uri, pair: Pair, provenance: ChatProvenance): Promise<AppendedPair> {
    const open = this.editor.partsOf(uri);
    if (open) return appendToDocument(open.document, pair, provenance);
    refuseUnsavedText(uri);
    return appendToFile(uri.fsPath, pair, provenance, this.readings.of(uri));
  }
}

type OpenDocument = NonNullable<ReturnType<PairEditorProvider['partsOf']>>['document'];

async function appendToDocument(document: OpenDocument, pair: Pair, provenance: ChatProvenance): Promise<AppendedPair> {
  const { lines } = document;
  await document.settled();
  await lines.whenIndexed();
  const { rowCount, revision } = lines;
  const [neighbour = null] = rowCount === 0 ? [] : await lines.lines(rowCount - 1, 1);
  const { line, format } = chatLine(pair, provenance, neighbour, document.reading);
  const edit: Edit = { op: 'insert', row: rowCount, lines: [line] };
  if (!(await document.applyTogether([edit], label, revision)))
    throw new MarginError('moved', 'The rows have changed at this moment. Save the pair again.');
  const after = lines.revision;
  return { format, undo: () => document.applyTogether([inverse(edit)], `Undo: ${label}`, after) };
}

/** A text editor with unsaved changes would write over the pair. */
function refuseUnsavedText(uri: vscode.Uri): void {
  const text = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (!text?.isDirty) return;
  const message = `${basename(uri.fsPath)} has unsaved changes in a text editor. Save it, then save the pair.`;
  throw new MarginError('text-editor', message);
}

import type * as vscode from 'vscode';
import { MarginError } from '../../base/pure/marginError';
import { at } from '../../base/pure/must';
import type { PairDocument } from './pairDocument';
import { Slices } from '../../editor/slices';

export const compareScheme = 'margin-edited';

const pageRows = 200;
/** Most characters of a comparison. VS Code's own text editors end at 50 MB. */
const maxCharacters = 20_000_000;

/** The text that the file would have if its document were saved now, for VS Code's diff editor. */
export class EditedText implements vscode.TextDocumentContentProvider {
  constructor(private readonly documentAt: (path: string) => PairDocument | undefined) {}

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const lines = this.documentAt(uri.path)?.lines;
    if (!lines) return '';
    const slices = new Slices();
    const parts = [lines.saved.head];
    let size = 0;
    for (let row = 0; row < lines.rowCount; row += pageRows) {
      const ends = lines.saved.ends(row, pageRows);
      const page = (await lines.lines(row, pageRows, 'file')).map((line, i) => line + at(ends, i)).join('');
      await slices.breathe();
      size += page.length;
      if (size > maxCharacters)
        throw new MarginError(
          'too-large',
          'The file is too large to compare. Save your edits under another name instead.',
        );
      parts.push(page);
    }
    return parts.join('');
  }
}

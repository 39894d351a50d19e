import * as vscode from 'vscode';
import { MarginError } from '../../base/pure/marginError';
import { ignoredIn, rowKeys } from '../../jsonl/node/marks/ignoredIn';
import { checkRow } from '../../pairs/checks';
import { canIgnore, rowsThatDiffer } from '../../pairs/marks/ignore';
import { ignoreRecords } from '../../pairs/marks/ignoreRecords';
import type { Problem } from '../../pairs/problem';
import { readRow } from '../../pairs/readRow';
import { withLevels } from '../../pairs/rules/levels';
import type { FileFindings } from '../../editor/fileFindings';
import type { PairDocument } from '../pairEditor/pairDocument';
import type { RowColumns } from '../../editor/rowColumns';
import type { RowScan } from '../../editor/rowScan';
import type { DocumentMarks, MarksChange } from './documentMarks';

interface Parts {
  readonly document: PairDocument;
  readonly marks: DocumentMarks;
  readonly scan: RowScan;
  readonly findings: FileFindings;
  readonly columns: RowColumns;
}

/**
 * The rules that are ignored in single rows of an open document. They are in the marks file, so a change of that file
 * changes what the checks report. Only the rows concerned are checked again, if these are known.
 */
export class IgnoredProblems implements vscode.Disposable {
  private readonly following: vscode.Disposable;
  /** Rows that a command is changing at this moment. */
  private acted: readonly number[] = [];

  constructor(
    private readonly parts: Parts,
    /** Called when rows are checked again. */
    private readonly changed: () => void,
  ) {
    this.following = parts.marks.onDidChange((change) => this.follow(change));
  }

  /** The problems of a row that can be ignored there, and the rules that are ignored there already. */
  async choices(row: number): Promise<{ readonly problems: readonly Problem[]; readonly ignored: readonly string[] }> {
    const { document, findings } = this.parts;
    const result = readRow(await this.lineAt(row), document.reading);
    const ignored = ignoredIn(result, document.reading.ignored).map(({ rule }) => rule);
    if (rowKeys(result) === null) return { problems: [], ignored };
    const found = [...withLevels(checkRow(result), document.reading.levels), ...findings.related(row)];
    return { problems: found.filter(({ code }) => canIgnore(code) && !ignored.includes(code)), ignored };
  }

  /**
   * Ignores a rule in a row, or reports it there again. Rows with the same content follow.
   *
   * @returns false if it is so already, or the person does not want to say who reviews
   * @throws MarginError `fixed-rule` for a rule whose rows cannot be used, `no-answers` for a row that no record can
   *   name; those of the marks file
   */
  async set(row: number, rule: string, ignored: boolean): Promise<boolean> {
    const { document, marks } = this.parts;
    if (!canIgnore(rule))
      throw new MarginError('fixed-rule', `${rule} stays an error, because a row with it cannot be used.`, { rule });
    if (!(await marks.reviewer.ask(vscode.Uri.joinPath(document.uri, '..').fsPath))) return false;
    const keys = rowKeys(readRow(await this.lineAt(row), document.reading));
    if (keys === null) {
      const message = `Row ${row + 1} holds no answers, so the marks file cannot name it: fix the row, or ignore ${rule} in this file.`;
      throw new MarginError('no-answers', message, { row: row + 1, rule });
    }
    const asked = { rule, ignored, by: marks.reviewer.name, now: Date.now() };
    const records = ignoreRecords(marks.book, keys, asked);
    if (records.length === 0) return false;
    this.acted = [row];
    // The marks change at once; the promise settles when they are in the file.
    const written = marks.ignore(records);
    this.acted = [];
    await written;
    return true;
  }

  dispose(): void {
    this.following.dispose();
  }

  private async lineAt(row: number): Promise<string> {
    const [line = ''] = await this.parts.document.lines.lines(row, 1);
    return line;
  }

  private follow(change: MarksChange): void {
    const { document, marks, scan, columns, findings } = this.parts;
    const before = document.reading.ignored;
    const after = marks.book.ignored;
    const keys = rowsThatDiffer(before, after);
    if (keys.size === 0) return;
    document.reading = { ...document.reading, ignored: after };
    // The edit that carried them has its row checked again.
    if (change === 'carried') return;
    const rows = scan.recheck(keys, this.acted);
    columns.forgetProblems(rows);
    const now = new Set([...keys].flatMap((key) => after?.byRow[key]?.map(({ rule }) => rule) ?? []));
    findings.ignoredChanged(rows, (rule) => now.has(rule));
    this.changed();
  }
}

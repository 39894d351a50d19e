import type * as vscode from 'vscode';
import type { Notices } from '../notices';
import type { ReadOnlyTexts } from '../readOnlyTexts';
import type { RowFiles } from '../rowText/rowFiles';
import type { RunsModel } from '../runs/runsModel';
import type { Sample } from '../sample';
import type { Walkthrough } from '../walkthrough';

/** What is there as long as the extension: it follows the runs, and answers VS Code at once. */
export interface Core {
  readonly context: vscode.ExtensionContext;
  readonly output: vscode.LogOutputChannel;
  readonly notices: Notices;
  readonly runs: RunsModel;
  readonly walkthrough: Walkthrough;
  readonly texts: ReadOnlyTexts;
  readonly rowFiles: RowFiles;
  readonly sample: Sample;
}

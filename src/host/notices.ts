import * as vscode from 'vscode';
import { errorMessage, MarginError } from '../base/pure/marginError';
import { plainLine, plainLines, plainMessage } from '../base/pure/plainText';

/** *Output → Margin*. It holds paths and error codes, but no texts of rows. */
export type Log = Pick<vscode.LogOutputChannel, 'info' | 'warn' | 'error' | 'show'>;

/** Most characters of an error's details in the log. */
const maxDetails = 4000;
/** Codes of errors whose message says everything: they get no *Show Log* button. */
const selfEvident: ReadonlySet<string> = new Set(['untrusted', 'no-checkpoint', 'no-runtime', 'config']);
const showLog = 'Show Log';

/** All messages outside of the views: notifications, questions, progress. Text from files is shown as plain text. */
export class Notices {
  constructor(readonly log: Log) {}

  /** @returns the action that was clicked */
  info(message: string, ...actions: readonly string[]): Thenable<string | undefined> {
    return vscode.window.showInformationMessage(plainMessage(message), ...actions);
  }

  warn(message: string, ...actions: readonly string[]): Thenable<string | undefined> {
    return vscode.window.showWarningMessage(plainMessage(message), ...actions);
  }

  /** Asks a question in a modal dialog. @returns the action that was clicked */
  ask(
    kind: 'info' | 'warning',
    question: string,
    detail: string,
    ...actions: readonly string[]
  ): Thenable<string | undefined> {
    const options = { modal: true, ...(detail === '' ? {} : { detail: plainLines(detail) }) };
    return kind === 'info'
      ? vscode.window.showInformationMessage(plainLine(question), options, ...actions)
      : vscode.window.showWarningMessage(plainLine(question), options, ...actions);
  }

  /** The one place that shows errors to a person; the log gets their details. A cancelled task is not an error. */
  readonly error = (error: unknown): void => {
    if (error instanceof vscode.CancellationError || (error instanceof Error && error.name === 'AbortError')) return;
    logError(this.log, error);
    const message = errorMessage(error);
    const actions = error instanceof MarginError && selfEvident.has(error.code) ? [] : [showLog];
    vscode.window.showErrorMessage(plainMessage(message), ...actions).then(
      (answer) => answer === showLog && this.log.show(),
      (failure: unknown) => logError(this.log, failure),
    );
  };

  /** Runs a task with a notification that shows its progress and a *Cancel* button. */
  progress<T>(
    title: string,
    task: (report: (message: string, increment: number) => void, token: vscode.CancellationToken) => Thenable<T>,
  ): Thenable<T> {
    const options = { location: vscode.ProgressLocation.Notification, title: plainMessage(title), cancellable: true };
    return vscode.window.withProgress(options, (progress, token) =>
      task((message, increment) => progress.report({ message: plainMessage(message), increment }), token),
    );
  }
}

/** Shows the share of a task that is done, from 0 to 1, until it settles. The task cannot be cancelled. */
export function showShare(title: string, task: (report: (share: number) => void) => Promise<void>): Thenable<void> {
  const options = { location: vscode.ProgressLocation.Notification, title: plainMessage(title) };
  return vscode.window.withProgress(options, (progress) => {
    let before = 0;
    return task((share) => {
      progress.report({ increment: 100 * (share - before), message: `${Math.floor(100 * share)} %` });
      before = share;
    });
  });
}

/** Logs the code, details and stack of an error. */
export function logError(log: Log, error: unknown): void {
  if (!(error instanceof Error)) return log.error(plainLine(String(error)));
  const { stack = error.message } = error;
  const details = error instanceof MarginError ? `${error.code} ${detailsOf(error)}\n` : '';
  log.error(plainLines(details + stack));
}

function detailsOf({ details }: MarginError): string {
  try {
    return JSON.stringify(details).slice(0, maxDetails);
  } catch (failure) {
    // Details with a cycle have no JSON; the message and the stack still say what happened.
    return `(details: ${String(failure)})`;
  }
}

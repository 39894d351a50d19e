import * as vscode from 'vscode';
import { errorMessage, MarginError } from '../base/pure/marginError';
import { plainLine, plainLines, plainMessage } from './plainText';

/** *Output → Margin*. Paths and codes go there; the texts of rows do not. */
export type Log = Pick<vscode.LogOutputChannel, 'info' | 'warn' | 'error' | 'show'>;

/** Longest JSON of an error's details in the log. */
const maxDetails = 4000;
/** Errors that say all there is to say. */
const selfEvident: ReadonlySet<string> = new Set(['untrusted', 'no-checkpoint', 'config']);

/**
 * All that Margin tells a person outside its views: notifications, questions, progress. Texts of files are plain in
 * each.
 */
export class Notices {
  constructor(readonly log: Log) {}

  /** @returns the action that was clicked */
  info(message: string, ...actions: readonly string[]): Thenable<string | undefined> {
    return vscode.window.showInformationMessage(plainMessage(message), ...actions);
  }

  warn(message: string, ...actions: readonly string[]): Thenable<string | undefined> {
    return vscode.window.showWarningMessage(plainMessage(message), ...actions);
  }

  /** A question that must be answered first. */
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

  /** The one place where errors reach a person; their detail goes to the log. What was cancelled is not an error. */
  readonly error = (error: unknown): void => {
    if (error instanceof vscode.CancellationError || (error instanceof Error && error.name === 'AbortError')) return;
    logError(this.log, error);
    const message = errorMessage(error);
    if (error instanceof MarginError && selfEvident.has(error.code))
      return void vscode.window.showErrorMessage(plainMessage(message));
    const show = 'Show Log';
    void vscode.window.showErrorMessage(plainMessage(message), show).then((answer) => {
      if (answer === show) this.log.show();
    });
  };

  /** Progress in a notification that can be cancelled. */
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

/** Code, details and stack of an error. */
export function logError(log: Log, error: unknown): void {
  if (!(error instanceof Error)) return log.error(plainLine(String(error)));
  const { stack = error.message } = error;
  const told = error instanceof MarginError ? `${error.code} ${detailsOf(error)}\n` : '';
  log.error(plainLines(told + stack));
}

function detailsOf({ details }: MarginError): string {
  try {
    return JSON.stringify(details).slice(0, maxDetails);
  } catch (failure) {
    // Details with a cycle: the message and the stack still say what happened.
    return `(details: ${String(failure)})`;
  }
}

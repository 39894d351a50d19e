import { basename } from 'node:path';
import * as vscode from 'vscode';
import { isRecord } from '../../base/pure/isRecord';
import { MarginError } from '../../base/pure/marginError';
import { marginCommand } from '../marginCommand';
import type { Notices } from '../notices';
import { pairRuleOptions } from '../reading/commandOptions';
import type { AskedSplit } from './askSplit';

/** What a split wrote. */
export interface SplitDone {
  readonly train: { readonly rows: number; readonly groups: number };
  readonly eval: { readonly rows: number; readonly groups: number };
  readonly unread: number;
}

/** A line of `margin split --json`: progress, an error, or the result. */
type SplitLine =
  | { readonly progress: { readonly kind: string; readonly rows?: number; readonly share?: number } }
  | { readonly error: { readonly message: string } }
  | SplitDone;

/**
 * Runs `margin split` in its own process, with progress and *Cancel*. It loads no model and runs no code of the
 * workspace, so it needs no trust.
 *
 * @throws MarginError `split-failed` with the command's message; CancellationError
 */
export function runSplit(extension: vscode.Uri, notices: Notices, asked: AskedSplit): Thenable<SplitDone> {
  const { file, reading, evalSize, stratify, near, names } = asked;
  const argv = [
    ...['split', file, '--eval', String(evalSize), '--near', String(near)],
    ...(stratify === null ? [] : ['--stratify', stratify]),
    ...(reading.format === null ? [] : ['--data_format', reading.format]),
    ...(reading.columns === null ? [] : ['--columns', JSON.stringify(reading.columns)]),
    ...pairRuleOptions(reading.rule),
    ...['--out-train', names.train, '--out-eval', names.eval, '--json'],
  ];
  notices.log.info(`Splitting ${file} into ${names.train} and ${names.eval}`);
  return notices.progress(`Splitting ${basename(file)}`, (report, token) =>
    run(extension, argv, token, (message) => report(message, 0)),
  );
}

async function run(
  extension: vscode.Uri,
  argv: readonly string[],
  token: vscode.CancellationToken,
  tell: (message: string) => void,
): Promise<SplitDone> {
  let done: SplitDone | null = null;
  let failure = '';
  const { code, stderr } = await marginCommand(extension, argv, token, (line) => {
    const said = JSON.parse(line) as SplitLine;
    if ('progress' in said) tell(progressText(said.progress));
    else if ('error' in said) failure = said.error.message;
    else if (isRecord(said.train)) done = said;
  });
  if (code === 0 && done !== null) return done;
  throw new MarginError('split-failed', failure || stderr || `Splitting ended with code ${String(code)}.`, { argv });
}

function progressText({ rows, share }: { readonly rows?: number; readonly share?: number }): string {
  if (rows !== undefined) return `${rows.toLocaleString(vscode.env.language)} rows read`;
  return `${Math.floor(100 * (share ?? 0))} % compared`;
}

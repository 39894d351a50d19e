import { basename } from 'node:path';
import * as vscode from 'vscode';
import { MarginError } from '../../base/pure/marginError';
import type { LinkKind } from '../../pairs/duplicates/links';
import type { Reading } from '../../pairs/reading';
import { marginCommand } from '../marginCommand';
import type { Notices } from '../notices';
import { readingOptions } from '../reading/commandOptions';

/** Rows of a file that are duplicates, see `margin duplicates --json`. */
export interface FoundGroup {
  readonly kind: LinkKind;
  readonly similarity: number;
  readonly rows: readonly { readonly row: number; readonly line: number; readonly redundant: boolean }[];
}

/** A line of `margin duplicates --json`. Disputed answers and the counts are not used here. */
type DuplicateLine =
  | { readonly progress: { readonly rows?: number; readonly share?: number } }
  | { readonly error: { readonly message: string } }
  | FoundGroup
  | { readonly better: unknown }
  | { readonly files: unknown };

/**
 * Runs `margin duplicates` in its own process, with progress and *Cancel*. It loads no model and runs no code of the
 * workspace, so it needs no trust.
 *
 * @throws MarginError `duplicates-failed` with the command's message; CancellationError
 */
export function runDuplicates(
  extension: vscode.Uri,
  notices: Notices,
  file: string,
  reading: Reading,
): Thenable<FoundGroup[]> {
  const argv = [...['duplicates', file, '--json'], ...readingOptions(reading)];
  notices.log.info(`Looking for duplicates in ${file}`);
  return notices.progress(`Looking for duplicates in ${basename(file)}`, async (report, token) => {
    const groups: FoundGroup[] = [];
    let failure = '';
    const { code, stderr } = await marginCommand(extension, argv, token, (line) => {
      const said = JSON.parse(line) as DuplicateLine;
      if ('progress' in said) report(progressText(said.progress), 0);
      else if ('error' in said) failure = said.error.message;
      else if ('similarity' in said) groups.push(said);
    });
    if (code === 0) return groups;
    const message = failure || stderr || `The search for duplicates ended with code ${String(code)}.`;
    throw new MarginError('duplicates-failed', message, { argv });
  });
}

function progressText({ rows, share = 0 }: { readonly rows?: number; readonly share?: number }): string {
  if (rows !== undefined) return `${rows.toLocaleString(vscode.env.language)} rows read`;
  return `${Math.floor(100 * share)} % compared`;
}

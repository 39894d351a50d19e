import { basename, dirname, join } from 'node:path';
import type * as vscode from 'vscode';
import { MarginError } from '../../base/pure/marginError';
import type { Reading } from '../../pairs/reading';
import { marginCommand } from '../marginCommand';
import type { Notices } from '../notices';
import { readingOptions } from '../reading/commandOptions';

/** What tells right labels from wrong ones: runs or files of rewards, or short runs that are trained first. */
export type SuspectSource =
  { readonly kind: 'runs'; readonly runs: readonly string[] } | { readonly kind: 'model'; readonly model: string };

/** A file whose labels are judged, and how. */
export interface SuspectSearch {
  readonly file: string;
  readonly reading: Reading;
  readonly source: SuspectSource;
}

/** What short runs take that are not there yet. */
export interface TrainingPrice {
  readonly runs: number;
  readonly rows: number | null;
  /** Of all runs with their scoring; null if it cannot be told. */
  readonly seconds: number | null;
}

/** A line of `margin suspects --json` that is no row. */
interface SaidLine {
  readonly progress?: { readonly rows?: number; readonly text?: string };
  readonly price?: TrainingPrice;
  readonly error?: { readonly message: string };
}

/**
 * Runs `margin suspects --save` in its own process, with progress and *Cancel*. A cancelled training keeps what is
 * done.
 *
 * @throws MarginError `suspects-failed` with the command's message; CancellationError
 */
export async function runSuspects(extension: vscode.Uri, notices: Notices, search: SuspectSearch): Promise<void> {
  notices.log.info(`Looking for wrong labels in ${search.file}`);
  await run(extension, notices, search, ['--save'], 'Looking for wrong labels');
}

/**
 * What the short runs of a search take; null if all are there already.
 *
 * @throws MarginError `suspects-failed` with the command's message, also if the runs do not fit; CancellationError
 */
export function trainingPrice(
  extension: vscode.Uri,
  notices: Notices,
  search: SuspectSearch,
): Promise<TrainingPrice | null> {
  return run(extension, notices, search, ['--dry_run'], 'Measuring what the training takes');
}

function run(
  extension: vscode.Uri,
  notices: Notices,
  { file, reading, source }: SuspectSearch,
  options: readonly string[],
  title: string,
): Promise<TrainingPrice | null> {
  const runs = join(dirname(file), '.margin', 'runs');
  const from = source.kind === 'runs' ? ['--run', ...source.runs] : ['--model', source.model, '--output_dir', runs];
  const argv = ['suspects', file, ...from, ...readingOptions(reading), ...options, '--json'];
  const done = notices.progress(`${title} in ${basename(file)}`, async (report, token) => {
    let price: TrainingPrice | null = null;
    let failure = '';
    const { code, stderr } = await marginCommand(extension, argv, token, (line) => {
      // A line for each row comes at the end, and is in the saved file.
      if (line.startsWith('{"row"')) return;
      const said = JSON.parse(line) as SaidLine;
      if (said.progress) report(progressText(said.progress), 0);
      if (said.price) price = said.price;
      if (said.error) failure = said.error.message;
    });
    if (code === 0) return price;
    const message = failure || stderr || `The search for wrong labels ended with code ${String(code)}.`;
    throw new MarginError('suspects-failed', message, { argv });
  });
  return Promise.resolve(done);
}

function progressText({ rows, text }: NonNullable<SaidLine['progress']>): string {
  return text ?? (rows === undefined ? '' : `${rows.toLocaleString('en')} rows read`);
}

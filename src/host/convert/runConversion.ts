import { basename } from 'node:path';
import * as vscode from 'vscode';
import { MarginError } from '../../base/pure/marginError';
import { type Report, reportLines } from '../../pairs/convert/report';
import { marginCommand } from '../marginCommand';
import type { Notices } from '../notices';
import { pairRuleOptions } from '../reading/commandOptions';
import type { AskedConversion } from './askConversion';

/** What a conversion did. */
export interface Converted extends Report {
  /** What the tool needs in addition to the file, and how the file holds the rows; may be empty. */
  readonly notes: readonly string[];
}

/** A line of `margin convert --json`: progress, an error, or the report. */
type ConvertLine = { readonly rows: number } | { readonly error: { readonly message: string } } | Converted;

/**
 * Runs `margin convert` in its own process, with progress and *Cancel*. A cancelled or failed one leaves no file.
 * It loads no model and runs no code of the workspace, so it needs no trust.
 *
 * @throws MarginError `convert-failed` with the command's message; CancellationError
 */
export async function runConversion(
  extension: vscode.Uri,
  notices: Notices,
  { file, reading, target, options, out }: AskedConversion,
): Promise<Converted> {
  const chosen = [
    ...(reading.format === null ? [] : ['--from', reading.format]),
    ...(reading.columns === null ? [] : ['--columns', JSON.stringify(reading.columns)]),
    ...pairRuleOptions(reading.rule),
    ...(target.options.includes('prompt') ? ['--prompt', options.prompt] : []),
    ...(options.style === null ? [] : ['--style', options.style]),
  ];
  const argv = ['convert', file, '--to', target.id, ...chosen, '--out', out, '--json'];
  notices.log.info(`Converting ${file} to ${target.id} into ${out}`);
  const converted = await notices.progress(`Converting ${basename(file)}`, (report, token) =>
    run(extension, argv, token, (rows) => report(`${rows.toLocaleString(vscode.env.language)} rows read`, 0)),
  );
  notices.log.info(`Converted: ${reportLines(converted)[0]}`);
  return converted;
}

async function run(
  extension: vscode.Uri,
  argv: readonly string[],
  token: vscode.CancellationToken,
  onRows: (rows: number) => void,
): Promise<Converted> {
  let converted: Converted | null = null;
  let failure = '';
  const { code, stderr } = await marginCommand(extension, argv, token, (line) => {
    const said = JSON.parse(line) as ConvertLine;
    if ('rows' in said) onRows(said.rows);
    else if ('error' in said) failure = said.error.message;
    else converted = said;
  });
  if (code !== 0 || converted === null)
    throw new MarginError('convert-failed', failure || stderr || `Converting ended with code ${String(code)}.`, {
      argv,
    });
  return converted;
}

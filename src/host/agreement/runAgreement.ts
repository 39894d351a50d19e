import type * as vscode from 'vscode';
import { MarginError } from '../../base/pure/marginError';
import type { Agreement } from '../../pairs/agreement/agreement';
import type { RatedItem } from '../../pairs/agreement/ratingTable';
import type { ReviewerWork } from '../../pairs/agreement/reviewerWork';
import type { Reading } from '../../pairs/reading';
import type { AgreementSource, DimensionAgreement } from '../../protocol/agreement';
import { marginCommand } from '../marginCommand';
import { pairRuleOptions } from '../reading/commandOptions';
import { RatedItems } from './ratedItems';

export interface FoundAgreement {
  readonly dimensions: readonly DimensionAgreement[];
  readonly work: readonly ReviewerWork[];
  readonly items: RatedItems;
  /** Sentences about lines of marks files that hold no mark. */
  readonly notes: readonly string[];
}

/** A line of `margin agreement --json`: progress, an error, or a part of the result. */
type AgreementLine =
  | { readonly progress: { readonly rows: number } }
  | { readonly error: { readonly message: string } }
  | { readonly note: string }
  | (Agreement & { readonly dimension: string })
  | ReviewerWork
  | RatedItem;

/**
 * Runs `margin agreement` in its own process. It loads no model and runs no code of the workspace, so it needs no
 * trust.
 *
 * @throws MarginError `agreement-failed` with the command's message; CancellationError
 */
export async function runAgreement(
  extension: vscode.Uri,
  file: string,
  reading: Reading,
  sources: readonly AgreementSource[],
  token: vscode.CancellationToken,
  onRows: (rows: number) => void,
): Promise<FoundAgreement> {
  const argv = argvOf(file, reading, sources);
  const items = new RatedItems();
  const dimensions: (Agreement & { readonly dimension: string })[] = [];
  const work: ReviewerWork[] = [];
  const notes: string[] = [];
  let failure = '';
  const { code, stderr } = await marginCommand(extension, argv, token, (line) => {
    const said = JSON.parse(line) as AgreementLine;
    if ('progress' in said) onRows(said.progress.rows);
    else if ('error' in said) failure = said.error.message;
    else if ('note' in said) notes.push(said.note);
    else if ('alpha' in said) dimensions.push(said);
    else if ('pace' in said) work.push(said);
    else items.add(said);
  });
  const message = failure || stderr || `The comparison ended with code ${String(code)}.`;
  if (code !== 0) throw new MarginError('agreement-failed', message, { argv });
  const counted = dimensions.map((one) => ({ ...one, adjudicated: items.adjudicated(one.dimension) }));
  return { dimensions: counted, work, items, notes };
}

function argvOf(file: string, reading: Reading, sources: readonly AgreementSource[]): readonly string[] {
  const ids = (kind: AgreementSource['kind']): string[] =>
    sources.flatMap((source) => (source.kind === kind ? source.id : []));
  const option = (name: string, values: readonly string[]): string[] => (values.length === 0 ? [] : [name, ...values]);
  return [
    ...['agreement', file, '--json', '--list', '--agreed'],
    ...option('--marks', ids('marks')),
    ...option('--columns', ids('column')),
    ...option('--rewards', ids('model')),
    ...(reading.columns === null ? [] : ['--data_columns', JSON.stringify(reading.columns)]),
    ...(reading.format === null ? [] : ['--data_format', reading.format]),
    ...pairRuleOptions(reading.rule),
  ];
}

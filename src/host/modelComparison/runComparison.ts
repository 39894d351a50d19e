import type * as vscode from 'vscode';
import { MarginError } from '../../base/pure/marginError';
import { marginCommand } from '../marginCommand';
import { type Compared, comparisonArguments, ComparisonLines, type FoundComparison } from './comparisonLines';

/**
 * Runs `margin compare` on rewards that exist, in its own process, so that its numbers are those of the command. It
 * loads no model, so it needs no trust.
 *
 * @throws MarginError `comparison-failed` with the command's message; CancellationError
 */
export async function runComparison(
  extension: vscode.Uri,
  compared: Compared,
  token: vscode.CancellationToken,
  onPairs: (pairs: number) => void,
): Promise<FoundComparison> {
  const argv = comparisonArguments(compared);
  const found = new ComparisonLines(compared.models, onPairs);
  const { code, stderr } = await marginCommand(extension, argv, token, (line) => found.take(line));
  if (code === 0 && found.result) return found.comparison(found.result);
  const message = found.failure || stderr || `The comparison ended with code ${String(code)}.`;
  throw new MarginError('comparison-failed', message, { argv });
}

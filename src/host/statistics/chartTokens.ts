import { basename } from 'node:path';
import type * as vscode from 'vscode';
import { MarginError } from '../../base/pure/marginError';
import type { Reading } from '../../pairs/reading';
import type { Chart } from '../../pairs/statistics/chart';
import type { Statistics } from '../../pairs/statistics/statistics';
import { marginCommand } from '../marginCommand';
import type { Notices } from '../notices';
import { pairRuleOptions } from '../reading/commandOptions';

/** The line of `margin stats --json`. */
type Line = Statistics | { readonly error: { readonly message: string } };

export interface TokensAsked {
  readonly file: string;
  /** The path of the model. */
  readonly model: string;
  /** Only the rows of a query; empty for all. */
  readonly filter: string;
  readonly reading: Reading;
}

const isOfTokens = ({ id }: Chart): boolean => id === 'tokens' || id === 'promptTokens';

/**
 * The charts of tokens, by `margin stats` in its own process: no model runs in the extension host.
 *
 * @throws MarginError `tokens-failed` with the command's message; CancellationError
 */
export function chartTokens(
  extension: vscode.Uri,
  notices: Notices,
  { file, model, filter, reading }: TokensAsked,
): Thenable<readonly Chart[]> {
  const argv = [
    ...['stats', file, '--json', '--model', model],
    ...(filter === '' ? [] : ['--filter', filter]),
    ...(reading.format === null ? [] : ['--data_format', reading.format]),
    ...(reading.columns === null ? [] : ['--columns', JSON.stringify(reading.columns)]),
    ...pairRuleOptions(reading.rule),
  ];
  notices.log.info(`Counting tokens of ${file} with ${model}`);
  return notices.progress(`Counting tokens of ${basename(file)}`, async (_report, token) => {
    let charts: readonly Chart[] = [];
    let failure = '';
    const { code, stderr } = await marginCommand(extension, argv, token, (line) => {
      const said = JSON.parse(line) as Line;
      if ('error' in said) failure = said.error.message;
      else charts = said.charts.filter(isOfTokens);
    });
    if (code === 0) return charts;
    const message = failure || stderr || `Counting tokens ended with code ${String(code)}.`;
    throw new MarginError('tokens-failed', message, { argv });
  });
}

/** Statistics with charts of tokens in place of the reason why there were none. */
export function withTokens(statistics: Statistics, tokens: readonly Chart[]): Statistics {
  const charts = statistics.charts.filter((chart) => !isOfTokens(chart));
  return {
    ...statistics,
    charts: [...charts.slice(0, 1), ...tokens, ...charts.slice(1)],
    missing: statistics.missing.filter(({ title }) => title !== 'Tokens'),
  };
}

import { basename, dirname, join } from 'node:path';
import type * as vscode from 'vscode';
import { readRows } from '../../jsonl/node/readRows';
import { stemOf } from '../datasets/mayHold';
import { makeFolder } from '../../base/node/makeFolder';
import { MarginError } from '../../base/pure/marginError';
import type { Reading } from '../../pairs/reading';
import { marginCommand } from '../marginCommand';
import type { Notices } from '../notices';
import { readingOptions } from '../reading/commandOptions';
import { requireTrust } from '../train/requireTrust';
import type { ScoringModels } from './askPolicy';
import type { Scoring } from './askScoring';

/** Pace of the progress bar. */
const progressMs = 200;

export interface ScoringResult {
  readonly file: string;
  readonly pairs: number;
  readonly negative: number;
}

/**
 * Computes the rewards of every pair of a dataset with `margin score`, in its own process. The result is
 * `.margin/scores/DATASET-POLICY-TIME.jsonl` beside the dataset, where the pair editor looks for it.
 *
 * @param reading how its rows are read
 * @param options other options of the command
 * @throws MarginError `score-failed` with the command's message; CancellationError
 */
export async function runScoring(
  extension: vscode.Uri,
  notices: Notices,
  { dataset, policy }: Scoring,
  reading: Reading,
  options: readonly string[] = [],
): Promise<ScoringResult> {
  requireTrust();
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '');
  const name = `${stemOf(dataset)}-${policy.label.replaceAll(/[^\w.-]+/g, '-')}-${time}.jsonl`;
  const file = join(dirname(dataset), '.margin', 'scores', name);
  await makeFolder(dirname(file));
  const argv = [
    'score',
    dataset,
    '--model',
    policy.model,
    ...weightOptions(policy),
    ...readingOptions(reading),
    ...options,
    '--json',
    '--out',
    file,
  ];
  const title = `Scoring ${basename(dataset)} with ${policy.label}`;
  const total = await countRows(dataset);
  notices.log.info(`Scoring ${dataset} with ${policy.label} into ${file}`);
  const counts = await notices.progress(title, (report, token) => run(extension, argv, total, report, token));
  notices.log.info(`Scored ${counts.pairs} pairs of ${dataset}`);
  return { file, ...counts };
}

/** The adapter or the reference of a model; neither if only its log-probs count. */
function weightOptions({ adapter, reference }: ScoringModels): string[] {
  if (adapter !== null) return ['--adapter', adapter];
  return reference === null ? [] : ['--reference', reference];
}

async function countRows(path: string): Promise<number> {
  let count = 0;
  for await (const rows of readRows(path)) count += rows.length;
  return count;
}

type Counts = Omit<ScoringResult, 'file'>;

async function run(
  extension: vscode.Uri,
  argv: readonly string[],
  total: number,
  report: (message: string, increment: number) => void,
  token: vscode.CancellationToken,
): Promise<Counts> {
  const counts = { pairs: 0, negative: 0 };
  let last = { at: 0, pairs: 0 };
  const { code, stderr } = await marginCommand(extension, argv, token, (line) => {
    counts.pairs++;
    if (/"margin":-[^}]*}$/.test(line)) counts.negative++;
    if (Date.now() - last.at < progressMs) return;
    report(`${counts.pairs} / ${total}`, (100 * (counts.pairs - last.pairs)) / Math.max(1, total));
    last = { at: Date.now(), pairs: counts.pairs };
  });
  if (code !== 0)
    throw new MarginError('score-failed', stderr || `Scoring ended with code ${String(code)}.`, {
      argv,
    });
  return counts;
}

import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import * as vscode from 'vscode';
import { LineFile } from '../../jsonl/lineFile';
import { MarginError } from '../../pairs/marginError';
import { requireTrust } from '../train/startTraining';
import type { Scoring } from './askScoring';

/** The end of what a failed command printed is enough to say why. */
const keptError = 2000;
/** Between two messages to the progress bar. */
const progressMs = 200;

export interface ScoringResult {
  readonly file: string;
  readonly pairs: number;
  readonly negative: number;
}

/**
 * Rewards of every pair of a dataset, by `margin score` in a process of its own. The result lies in `.margin/scores`
 * beside the dataset, where the pair editor looks for it: `DATASET-POLICY-TIME.jsonl`.
 *
 * @throws MarginError `score-failed` with the command's own words; CancellationError
 */
export async function runScoring(extension: vscode.Uri, { dataset, policy }: Scoring): Promise<ScoringResult> {
  requireTrust();
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '');
  const name = `${basename(dataset, '.jsonl')}-${policy.label.replaceAll(/[^\w.-]+/g, '-')}-${time}.jsonl`;
  const file = join(dirname(dataset), '.margin', 'scores', name);
  await mkdir(dirname(file), { recursive: true });
  const weights = policy.adapter === null ? ['--reference', policy.reference ?? policy.model] : ['--adapter', policy.adapter];
  const argv = [join(extension.fsPath, 'dist', 'cli.js'), 'score', dataset, '--model', policy.model, ...weights, '--json', '--out', file];
  const title = vscode.l10n.t('Scoring {0} with {1}', basename(dataset), policy.label);
  const total = await countLines(dataset);
  const counts = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, (progress, token) => run(argv, total, progress, token));
  return { file, ...counts };
}

async function countLines(path: string): Promise<number> {
  const file = await LineFile.open(path);
  try {
    await file.readIndex();
    return file.index.count;
  } finally {
    await file.close();
  }
}

type Counts = Omit<ScoringResult, 'file'>;

async function run(argv: readonly string[], total: number, progress: vscode.Progress<{ message: string; increment: number }>, token: vscode.CancellationToken): Promise<Counts> {
  const child = spawn(process.execPath, [...argv], { env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' }, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
  token.onCancellationRequested(() => child.kill());
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-keptError)));
  const counts = { pairs: 0, negative: 0 };
  let told = { at: 0, pairs: 0 };
  createInterface({ input: child.stdout }).on('line', (line) => {
    counts.pairs++;
    if (/"margin":-[^}]*}$/.test(line)) counts.negative++;
    if (Date.now() - told.at < progressMs) return;
    progress.report({ message: `${counts.pairs} / ${total}`, increment: (100 * (counts.pairs - told.pairs)) / Math.max(1, total) });
    told = { at: Date.now(), pairs: counts.pairs };
  });
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  if (token.isCancellationRequested) throw new vscode.CancellationError();
  if (code !== 0) throw new MarginError('score-failed', complaint.trim() || vscode.l10n.t('Scoring ended with code {0}.', String(code)));
  return counts;
}

import * as vscode from 'vscode';
import { MarginError } from '../../base/pure/marginError';
import { pairKey } from '../../jsonl/node/pairKey';
import { pairsIn } from '../../pairs/pairsIn';
import { readRow } from '../../pairs/readRow';
import { readRun } from '../../run/find';
import { runOfRewards } from '../../run/measuredRewards';
import { dataFilters, isDataName } from '../datasets/mayHold';
import type { PairDocument } from '../pairEditor/pairDocument';
import { openOne } from '../quickSteps';
import { requireRuntimeOf } from '../runtimeOf';
import { savedFor } from '../savedFor';
import { askSuspects } from '../suspects/askSuspects';
import { runSuspects, type SuspectSource, trainingPrice } from '../suspects/runSuspects';
import { requireTrust } from '../train/requireTrust';
import { openPairs } from './files';
import { type CommandServices, type Commands, fileOf, folderOf } from './target';

/** The command that finds labels that are probably wrong, and shows them. */
export function suspectCommands(services: CommandServices) {
  return {
    'margin.findSuspects': async (target) => {
      const folder = folderOf(target);
      if (folder !== null) return find(services, vscode.Uri.file((await readRun(folder)).config.config.train_file));
      const asked = fileOf(target) ?? services.suspectTabs.activeFile ?? undefined;
      const isData = asked !== undefined && isDataName(asked.path);
      const file = isData ? asked : await openOne('Margin: Find Wrong Labels', { filters: dataFilters });
      if (file) await find(services, file);
    },
  } satisfies Partial<Commands>;
}

/** Asks what shall tell right labels from wrong ones, searches, and shows what was found. */
async function find(services: CommandServices, file: vscode.Uri): Promise<void> {
  const { extension, runs, notices, readings, suspects, rewardsChanged } = services;
  if (!(await savedFor(notices, file.fsPath, 'Save and Look'))) return;
  // A damaged result is replaced by the next search.
  const isKnown = (await suspects.of(file.fsPath).catch(() => null)) !== null;
  const source = await askSuspects(extension, runs, file.fsPath, isKnown);
  if (source === null) return;
  if (source !== 'saved') {
    const search = { file: file.fsPath, reading: readings.of(file), source };
    if (source.kind === 'model' && !(await isTrainingWanted(services, search))) return;
    await runSuspects(extension, notices, search);
    await runs.refresh();
    rewardsChanged();
  }
  await show(services, file);
}

/** Says what the training takes, and asks. No question if all its runs are there already. */
async function isTrainingWanted(
  { extension, notices }: CommandServices,
  search: Parameters<typeof trainingPrice>[2] & { readonly source: SuspectSource },
): Promise<boolean> {
  requireTrust();
  requireRuntimeOf(extension);
  const price = await trainingPrice(extension, notices, search);
  if (price === null) return true;
  const { runs, rows, seconds } = price;
  const what = `${runs} short ${runs === 1 ? 'run' : 'runs'}${rows === null ? '' : ` on ${rows.toLocaleString('en')} rows`}`;
  const time = seconds === null ? '' : ` It takes about ${words(seconds)} in all.`;
  const detail = 'The runs are in the side bar while they train. Cancel stops them and keeps what is done.';
  return (await notices.ask('info', `Train ${what}?${time}`, detail, 'Train')) === 'Train';
}

function words(seconds: number): string {
  return seconds < 90 ? `${Math.max(1, Math.round(seconds))} s` : `${Math.round(seconds / 60)} min`;
}

async function show(services: CommandServices, file: vscode.Uri): Promise<void> {
  const { editor, extension, notices, suspects, rowChanges, texts, suspectTabs } = services;
  const saved = await suspects.of(file.fsPath);
  if (saved === null)
    throw new MarginError('no-suspects', `There is no saved search of ${file.fsPath}: search again.`, { file });
  await openPairs(file);
  const open = editor.partsOf(file);
  if (!open) return;
  await open.document.lines.whenIndexed();
  suspectTabs.show(open, saved, {
    extension,
    notices,
    changes: rowChanges,
    search: () => find(services, file),
    reveal: (row) => editor.reveal(file, row),
    review: async (rows, filter) => {
      const view = await editor.viewOf(file);
      view.show({ filter, sort: 'suspect', descending: true });
      await view.review.startWith(rows, filter);
    },
    tokens: (row, rewards) => showTokens(services, open.document, row, rewards),
    cleaning: async () => {
      await texts.show({ name: 'Does cleaning pay.txt', text: cleaningText(file.fsPath) });
    },
  });
}

/** Shows the rewards of the tokens of a row, as the run of a file of rewards sees it. */
async function showTokens(
  { tokenRewards }: CommandServices,
  { uri, lines, reading }: PairDocument,
  row: number,
  rewards: string,
): Promise<void> {
  const [text = ''] = await lines.lines(row, 1);
  const [pair] = pairsIn(readRow(text, reading));
  const key = pair ? pairKey(pair) : null;
  const folder = runOfRewards(rewards);
  if (folder === null) return tokenRewards.showFile(rewards, key);
  return tokenRewards.showPair(folder, null, { dataset: uri.fsPath, row, pair: 0, text });
}

function cleaningText(file: string): string {
  return [
    'Whether it pays to leave suspects out is measured by training: on the file as it is, without the suspects, and',
    'with as many random rows left out, each with several seeds, on the same held-out rows. In a terminal:',
    '',
    `  margin cleaning ${JSON.stringify(file)} --model DIR`,
    '',
    'It says first what it takes. The tab with the suspects shows what it has found.',
  ].join('\n');
}

import * as vscode from 'vscode';
import { summaryOf } from '../../pairs/convert/report';
import { isConfig } from '../askConfigFile';
import { askConversion } from '../convert/askConversion';
import { reportText } from '../convert/preview';
import { runConversion } from '../convert/runConversion';
import { dataFilters, isDataName } from '../datasets/mayHold';
import { runDuplicates } from '../duplicates/runDuplicates';
import { PairEditorProvider } from '../pairEditor/provider';
import { openOne } from '../quickSteps';
import { requireRuntimeOf } from '../runtimeOf';
import { savedFor } from '../savedFor';
import { askScoring } from '../score/askScoring';
import { runScoring } from '../score/runScoring';
import { askSplit } from '../split/askSplit';
import { runSplit } from '../split/runSplit';
import { askTraining } from '../train/askTraining';
import { requireTrust } from '../train/requireTrust';
import { TrainFormProvider } from '../trainForm/trainFormProvider';
import { uriName } from '../uriName';
import { type CommandServices, type Commands, fileOf } from './target';

const isData = (uri: vscode.Uri | undefined): uri is vscode.Uri => uri !== undefined && isDataName(uri.path);

/** Commands that act on a file: open it, train on it, convert, split or export it. */
export function fileCommands(services: CommandServices) {
  const { datasets, notices, runs } = services;
  return {
    'margin.openAsPairs': async (target) => {
      const asked = fileOf(target);
      const file = isData(asked) ? asked : await openOne('Margin: Open as Pairs', { filters: dataFilters });
      if (file) await openPairs(file);
    },
    'margin.openAsText': async (target) => {
      const file = fileOf(target);
      if (!file) return;
      const line = services.editor.lineAt(file);
      const selection = line === null ? {} : { selection: new vscode.Range(line, 0, line, 0) };
      await vscode.commands.executeCommand('vscode.openWith', file, 'default', selection);
    },
    'margin.openAsForm': async (target) => {
      const file = fileOf(target);
      if (isConfig(file)) await openForm(file);
    },
    'margin.openSample': async (target) => {
      const pairs = await services.sample.open(target instanceof vscode.Uri ? target : undefined);
      if (!pairs) return;
      notices.log.info(`Sample copied: ${pairs.fsPath}`);
      await openPairs(pairs);
    },
    'margin.getStarted': () => services.walkthrough.open(),
    'margin.train': (target) => train(services, fileOf(target)),
    'margin.score': (target) => score(services, fileOf(target)),
    'margin.convert': (target) => convert(services, fileOf(target)),
    'margin.split': (target) => split(services, fileOf(target)),
    'margin.showDuplicates': (target) => showDuplicates(services, fileOf(target)),
    'margin.showStatistics': async (target) => {
      const asked = fileOf(target);
      const file = isData(asked) ? asked : await openOne('Margin: Show Statistics', { filters: dataFilters });
      if (!file) return;
      await services.editor.viewOf(file);
      services.statistics.show(file);
    },
    'margin.saveAsLines': (target) => saveAsLines(services, fileOf(target)),
    'margin.explainReadOnly': async (target) => {
      const file = fileOf(target);
      const copy = file && services.editor.documentAt(file.path)?.copy;
      if (copy) await services.saver.offer(file, copy.state.reason);
    },
    'margin.showOutput': () => notices.log.show(),
    'margin.refresh': async () => {
      await datasets.reread();
      await runs.refresh();
    },
  } satisfies Partial<Commands>;
}

/** Opens a file in the pair editor. */
export async function openPairs(file: vscode.Uri): Promise<void> {
  await vscode.commands.executeCommand('vscode.openWith', file, PairEditorProvider.viewType);
}

/** Opens a config as a form. */
async function openForm(file: vscode.Uri): Promise<void> {
  await vscode.commands.executeCommand('vscode.openWith', file, TrainFormProvider.viewType);
}

/** Runs a config as it is. For a dataset, or without an argument, it asks the questions and writes a config first. */
async function train(
  { datasets, readings, extension, starter, curves, notices }: CommandServices,
  file: vscode.Uri | undefined,
): Promise<void> {
  requireTrust();
  const config = isConfig(file)
    ? file
    : await askTraining(extension, datasets, readings, notices, isData(file) ? file : undefined);
  if (!config) return;
  if (config !== file) {
    notices.log.info(`Config written: ${config.fsPath}`);
    await showBeside(config);
  }
  const folder = await starter.start(config, () => void curves.show(null));
  if (folder !== null) await curves.show(folder);
}

/** Opens the file beside the active editor if there is one. */
async function showBeside(file: vscode.Uri): Promise<void> {
  const viewColumn = vscode.window.tabGroups.activeTabGroup.activeTab
    ? vscode.ViewColumn.Beside
    : vscode.ViewColumn.Active;
  await vscode.window.showTextDocument(file, { viewColumn, preserveFocus: true, preview: true });
}

async function score(
  { datasets, readings, extension, rewardsChanged, runs, notices }: CommandServices,
  file: vscode.Uri | undefined,
): Promise<void> {
  requireTrust();
  requireRuntimeOf(extension);
  const scoring = await askScoring(extension, runs, datasets, isData(file) ? file : undefined);
  if (!scoring) return;
  const { pairs, negative } = await runScoring(
    extension,
    notices,
    scoring,
    readings.of(vscode.Uri.file(scoring.dataset)),
  );
  rewardsChanged();
  const show = 'Show Pairs';
  const text = `${pairs} pairs scored with ${scoring.policy.label}: ${negative} have a negative margin.`;
  const answer = await notices.info(text, show);
  if (answer === show) await openPairs(vscode.Uri.file(scoring.dataset));
}

/** Saves the rows of a file as JSON Lines, and opens the new file. */
async function saveAsLines({ saver, notices }: CommandServices, asked: vscode.Uri | undefined): Promise<void> {
  const file = isData(asked) ? asked : await openOne('Margin: Save as JSON Lines', { filters: dataFilters });
  if (!file || !(await savedFor(notices, file.fsPath, 'Save and Go On'))) return;
  const saved = await saver.ask(file);
  if (saved) await openPairs(saved);
}

async function convert(
  { datasets, readings, extension, texts, notices }: CommandServices,
  file: vscode.Uri | undefined,
): Promise<void> {
  const asked = await askConversion(
    datasets,
    {
      texts,
      readingOf: (dataset) => readings.of(vscode.Uri.file(dataset)),
      saved: (dataset) => savedFor(notices, dataset, 'Save and Convert'),
    },
    isData(file) ? file : undefined,
  );
  if (!asked) return;
  const converted = await runConversion(extension, notices, asked);
  const out = vscode.Uri.file(asked.out);
  if (isData(out)) await openPairs(out);
  const text = summaryOf(converted, uriName(out));
  const show = 'Show Report';
  const answer = await (converted.losses.length === 0 ? notices.info(text, show) : notices.warn(text, show));
  if (answer === show) await texts.show({ name: `Report of ${uriName(out)}.txt`, text: reportText(asked, converted) });
}

/** Splits a file, and offers to open the rows to evaluate on or the proof. */
async function split(
  { datasets, readings, extension, notices }: CommandServices,
  file: vscode.Uri | undefined,
): Promise<void> {
  const asked = await askSplit(
    {
      notices,
      datasets,
      readingOf: (dataset) => readings.of(vscode.Uri.file(dataset)),
      saved: (dataset) => savedFor(notices, dataset, 'Save and Split'),
    },
    isData(file) ? file : undefined,
  );
  if (!asked) return;
  const done = await runSplit(extension, notices, asked);
  const [rows, proof] = ['Show Evaluation Rows', 'Show Proof'];
  const number = (count: number): string => count.toLocaleString(vscode.env.language);
  const text = `${number(done.train.rows)} rows to train on, ${number(done.eval.rows)} to evaluate on, no near duplicates on both sides.`;
  const unread = done.unread === 0 ? '' : ` ${number(done.unread)} rows without answers stay with the training rows.`;
  const answer = await notices.info(text + unread, rows, proof);
  if (answer === rows) await openPairs(vscode.Uri.file(asked.names.eval));
  if (answer === proof) await vscode.window.showTextDocument(vscode.Uri.file(asked.names.proof));
}

/** Looks for duplicates in a file, and shows them in a tab. */
async function showDuplicates(
  { editor, readings, extension, duplicates, notices }: CommandServices,
  asked: vscode.Uri | undefined,
): Promise<void> {
  const file = isData(asked) ? asked : await openOne('Margin: Show Duplicates', { filters: dataFilters });
  if (!file) return;
  await openPairs(file);
  const document = editor.documentAt(file.path);
  if (!document) return;
  await document.lines.whenIndexed();
  await duplicates.show(document, async () => {
    if (!(await savedFor(notices, file.fsPath, 'Save and Look'))) return undefined;
    const { revision } = document.lines;
    return { revision, groups: await runDuplicates(extension, notices, file.fsPath, readings.of(file)) };
  });
}

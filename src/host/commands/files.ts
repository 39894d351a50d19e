import * as vscode from 'vscode';
import { PairEditorProvider } from '../pairEditor/provider';
import { openOne } from '../quickSteps';
import { askScoring } from '../score/askScoring';
import { runScoring } from '../score/runScoring';
import { askTraining } from '../train/askTraining';
import { requireTrust } from '../train/startTraining';
import { type CommandServices, type Commands, fileOf } from './target';

const isData = (uri: vscode.Uri | undefined): uri is vscode.Uri => uri?.path.endsWith('.jsonl') === true;
const isConfig = (uri: vscode.Uri | undefined): uri is vscode.Uri => uri?.path.endsWith('.train.json') === true;

export function fileCommands(services: CommandServices): Commands {
  const { datasets, notices, runs } = services;
  return {
    'margin.openAsPairs': async (target) => {
      const asked = fileOf(target);
      const file = isData(asked)
        ? asked
        : await openOne(vscode.l10n.t('Margin: Open as Pairs'), { filters: { JSONL: ['jsonl'] } });
      if (file) await openPairs(file);
    },
    'margin.openAsText': async (target) => {
      const file = fileOf(target);
      if (file) await vscode.commands.executeCommand('vscode.openWith', file, 'default');
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
    'margin.showOutput': () => notices.log.show(),
    'margin.refresh': async () => {
      await datasets.reread();
      await runs.refresh();
    },
  };
}

export async function openPairs(file: vscode.Uri): Promise<void> {
  await vscode.commands.executeCommand('vscode.openWith', file, PairEditorProvider.viewType);
}

/** A config is run as it is; for a dataset, or nothing, one is asked for and written first. */
async function train(
  { datasets, extension, starter, curves, notices }: CommandServices,
  file: vscode.Uri | undefined,
): Promise<void> {
  requireTrust();
  const config = isConfig(file) ? file : await askTraining(extension, datasets, isData(file) ? file : undefined);
  if (!config) return;
  if (config !== file) {
    notices.log.info(`Config written: ${config.fsPath}`);
    await showBeside(config);
  }
  const folder = await starter.start(config, () => void curves.show(null));
  if (folder !== null) await curves.show(folder);
}

/** Beside what one works in, where there is something. */
async function showBeside(file: vscode.Uri): Promise<void> {
  const viewColumn = vscode.window.tabGroups.activeTabGroup.activeTab
    ? vscode.ViewColumn.Beside
    : vscode.ViewColumn.Active;
  await vscode.window.showTextDocument(file, { viewColumn, preserveFocus: true, preview: true });
}

async function score(
  { datasets, extension, editor, runs, notices }: CommandServices,
  file: vscode.Uri | undefined,
): Promise<void> {
  requireTrust();
  const scoring = await askScoring(extension, runs, datasets, isData(file) ? file : undefined);
  if (!scoring) return;
  const { pairs, negative } = await runScoring(extension, notices, scoring);
  editor.rewardsChanged();
  const { t } = vscode.l10n;
  const show = t('Show Pairs');
  const text = t('{0} pairs scored with {1}: {2} have a negative margin.', pairs, scoring.policy.label, negative);
  const answer = await notices.info(text, show);
  if (answer === show) await openPairs(vscode.Uri.file(scoring.dataset));
}

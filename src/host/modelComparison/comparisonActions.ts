import { basename } from 'node:path';
import * as vscode from 'vscode';
import { at } from '../../base/pure/must';
import { type ComparisonTable, comparisonCsv } from '../../pairs/comparison/comparisonCsv';
import type { ComparisonResult } from '../../pairs/comparison/comparisonResult';
import type { ValueMeasure } from '../../pairs/comparison/valueMeasure';
import { isPath } from '../../pairs/own/keyPath';
import { rowsQuery } from '../../pairs/query/rowsQuery';
import type { ComparedQuery } from '../../protocol/modelComparison';
import { stemOf } from '../datasets/mayHold';
import type { Notices } from '../notices';
import type { PairEditorProvider } from '../pairEditor/provider';
import { pickOne } from '../quickSteps';
import type { Readings } from '../reading/readings';
import type { RunsModel } from '../runs/runsModel';
import { loneModels, policyChoices, policyOf } from '../score/askPolicy';
import { runScoring } from '../score/runScoring';
import { saveExport } from '../statistics/saveExport';
import { requireTrust } from '../train/requireTrust';
import type { FoundComparison } from './comparisonLines';
import { duelFilter } from './duelFilter';

/** Most characters of a filter that names rows; the filter language takes 10,000. */
const longestFilter = 9_000;

export interface ActionServices {
  readonly extension: vscode.Uri;
  readonly editor: PairEditorProvider;
  readonly runs: RunsModel;
  readonly readings: Readings;
  readonly notices: Notices;
  readonly rewardsChanged: () => void;
}

export interface ScoredModel {
  /** The name of its file of rewards. */
  readonly file: string;
  readonly hasReference: boolean;
}

/** What a person can do in the view that compares models: ask, score, save, show in the editor. */
export class ComparisonActions {
  constructor(private readonly services: ActionServices) {}

  /** Asks for a model and scores a file with it. @returns null if a list was closed. Errors as {@link runScoring} */
  async score(file: vscode.Uri, measure: ValueMeasure): Promise<ScoredModel | null> {
    requireTrust();
    const { extension, runs, notices, readings, rewardsChanged } = this.services;
    const dataset = file.fsPath;
    const choices = [...(await policyChoices(runs)), ...(await loneModels(extension, dataset))];
    const title = 'Margin: Compare Models';
    const options = { title, placeHolder: 'Which model scores?', matchOnDescription: true, matchOnDetail: true };
    const picked = await pickOne(choices, options);
    const policy = picked ? await policyOf(extension, picked.value, { dataset, alone: true }) : null;
    if (!policy) return null;
    const perToken = measure === 'norm' ? ['--per_token'] : [];
    const scored = await runScoring(extension, notices, { dataset, policy }, readings.of(file), perToken);
    rewardsChanged();
    return { file: basename(scored.file), hasReference: policy.adapter !== null || policy.reference !== null };
  }

  /** Asks for the key path of a column. @returns null if the person closed the box */
  async askColumn(): Promise<string | null> {
    const answer = await vscode.window.showInputBox({
      title: 'Margin: Compare Models by Column',
      prompt: 'The key path of a column. A row without a value is in the slice (none).',
      placeHolder: 'meta.source',
      ignoreFocusOut: true,
      validateInput: (text) => (text === '' || isPath(text) ? null : 'This is no key path, such as meta.source'),
    });
    return answer === undefined || answer === '' ? null : answer;
  }

  /** Shows the pairs of a query in the editor, with the rewards of the second model beside those of the first. */
  async showInEditor(file: vscode.Uri, found: FoundComparison, query: ComparedQuery): Promise<void> {
    const rows = await found.pairs.rowsOf(query);
    const all = new Set(rows).size;
    // The margin of a list is that of one of its pairs, so only its row names it.
    const byMargin = all === rows.length ? duelFilter(found, query) : null;
    const byRow = rowsQuery(rows, longestFilter);
    const view = await this.services.editor.viewOf(file);
    const [before, rewards] = [at(found.ids, query.first), at(found.ids, query.second)];
    view.show({ filter: byMargin ?? byRow.query, sort: 'row', descending: false, rewards, before });
    if (byMargin === null && byRow.found < all)
      await this.services.notices.info(
        `The filter names the first ${byRow.found} of ${all} rows: more make it too long.`,
      );
  }

  saveTable(file: vscode.Uri, result: ComparisonResult, table: ComparisonTable): Promise<void> {
    return this.save(file, table, comparisonCsv(result, table));
  }

  savePairs(file: vscode.Uri, csv: string): Promise<void> {
    return this.save(file, 'pairs', csv);
  }

  private async save(file: vscode.Uri, what: string, content: string): Promise<void> {
    const name = `${stemOf(file.fsPath)}-models-${what}.csv`;
    await saveExport(file, { name, kind: 'csv', content }, this.services.notices);
  }
}

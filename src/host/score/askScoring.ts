import type * as vscode from 'vscode';
import { dataFilters } from '../datasets/mayHold';
import type { DatasetsModel } from '../datasets/datasetsModel';
import { askSteps, openOne, type Step } from '../quickSteps';
import type { RunsModel } from '../runs/runsModel';
import { datasetChoices } from '../train/askTraining';
import { policyChoices, policyOf, type ScoringModels } from './askPolicy';

export interface Scoring {
  readonly dataset: string;
  readonly policy: ScoringModels;
}

interface Draft {
  readonly dataset: string | null;
  readonly policy: ScoringModels | null;
}

/** Asks the questions of *Score with Model…*. @returns null if the person closed a list or dialog */
export async function askScoring(
  extension: vscode.Uri,
  runs: RunsModel,
  datasets: DatasetsModel,
  dataset: vscode.Uri | undefined,
): Promise<Scoring | null> {
  const start: Draft = { dataset: dataset?.fsPath ?? null, policy: null };
  const draft = await askSteps([...(dataset ? [] : [askDataset(datasets)]), askPolicy(extension, runs)], start);
  return draft?.dataset && draft.policy ? { dataset: draft.dataset, policy: draft.policy } : null;
}

const title = 'Margin: Score with Model';

const askDataset =
  (datasets: DatasetsModel): Step<Draft> =>
  async (draft, ask) => {
    const answer = await ask({
      title,
      placeholder: 'Pairs to score',
      choices: await datasetChoices(datasets),
    });
    if (answer === 'back') return 'back';
    const dataset = answer ?? (await openOne(title, { filters: dataFilters }))?.fsPath;
    return dataset === undefined ? null : { ...draft, dataset };
  };

const askPolicy =
  (extension: vscode.Uri, runs: RunsModel): Step<Draft> =>
  async (draft, ask) => {
    const choices = await policyChoices(runs);
    const answer = await ask({ title, placeholder: 'Which model scores?', choices });
    if (answer === null || answer === 'back') return answer;
    const policy = await policyOf(extension, answer, { dataset: draft.dataset, alone: false });
    return policy === null ? draft : { ...draft, policy };
  };

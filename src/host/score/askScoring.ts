import { basename } from 'node:path';
import type * as vscode from 'vscode';
import { dataFilters } from '../datasets/mayHold';
import type { DatasetsModel } from '../datasets/datasetsModel';
import { askSteps, browse, type Choice, openOne, pickOne, type Step } from '../quickSteps';
import { allCheckpoints, checkpointItem, type RunCheckpoint } from '../runs/checkpoints';
import type { RunsModel } from '../runs/runsModel';
import { datasetChoices } from '../train/askTraining';
import { chosenFolder, modelChoices } from '../train/modelFolders';

/** The model that scores, and the reference. Exactly one of `adapter` and `reference` is not null. */
export interface ScoringModels {
  readonly label: string;
  readonly model: string;
  readonly adapter: string | null;
  readonly reference: string | null;
}

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
    const choices: Choice<ScoringModels | 'adapter' | 'model'>[] = [
      ...(await allCheckpoints(runs)).map((one) => ({ ...checkpointItem(one), value: modelsOf(one) })),
      {
        ...browse<'adapter'>('adapter'),
        label: 'Adapter Folder…',
        detail: 'A PEFT adapter; the reference is its model without the adapter',
      },
      {
        ...browse<'model'>('model'),
        label: 'Model Folder…',
        detail: 'A whole model, with another model as the reference',
      },
    ];
    const answer = await ask({ title, placeholder: 'Which model scores?', choices });
    if (answer === null || answer === 'back') return answer;
    const policy = typeof answer === 'object' ? answer : await otherPolicy(extension, answer, draft.dataset);
    return policy === null ? draft : { ...draft, policy };
  };

/** An adapter with the model it was trained from, or a whole model with that model as its reference. */
export function modelsOf({ run, step, folder, model, isAdapter }: RunCheckpoint): ScoringModels {
  const label = `${run}-step-${step}`;
  return isAdapter
    ? { label, model, adapter: folder, reference: null }
    : { label, model: folder, adapter: null, reference: model };
}

/** Asks for the folders of a policy. @returns null if the person closed a dialog */
async function otherPolicy(
  extension: vscode.Uri,
  kind: 'adapter' | 'model',
  dataset: string | null,
): Promise<ScoringModels | null> {
  const first = (
    await openOne(kind === 'adapter' ? 'Adapter folder' : 'Model folder', {
      canSelectFolders: true,
      canSelectFiles: false,
    })
  )?.fsPath;
  if (first === undefined) return null;
  const placeHolder =
    kind === 'adapter' ? 'The model that the adapter belongs to' : 'The reference to compare the model with';
  const picked = await pickOne(await modelChoices(extension, dataset), { title, placeHolder });
  const second = picked ? await chosenFolder(picked.value, placeHolder) : null;
  if (second === null) return null;
  const label = basename(first);
  return kind === 'adapter'
    ? { label, model: second, adapter: first, reference: null }
    : { label, model: first, adapter: null, reference: second };
}

import { basename } from 'node:path';
import * as vscode from 'vscode';
import { type Method, methodKeys, methods } from '../../run/methods';
import type { DatasetsModel } from '../datasets/datasetsModel';
import { dataFilters } from '../datasets/mayHold';
import type { Notices } from '../notices';
import type { Readings } from '../reading/readings';
import { askSteps, browse, type Choice, openOne, type Step } from '../quickSteps';
import { askMarks } from './askMarks';
import { findChoice } from './cachedModels';
import { askCached } from './askCached';
import { chosenFolder, type ModelChoice, modelChoices, weightBytes } from './modelFolders';
import { readingKeys, rowsOf } from './rowsOf';
import { writeConfig } from './writeConfig';

interface Draft {
  readonly dataset: string | null;
  readonly model: string | null;
  readonly method: Method | null;
  readonly lora: boolean;
}

/**
 * Asks for dataset, model, method and kind of weights, and writes `NAME.train.json` beside the dataset.
 *
 * @param dataset the answer to the first question, which is then not asked
 * @returns the config file; null if the person closed a list or dialog
 */
export async function askTraining(
  extension: vscode.Uri,
  datasets: DatasetsModel,
  readings: Readings,
  notices: Notices,
  dataset: vscode.Uri | undefined,
): Promise<vscode.Uri | null> {
  const start: Draft = { dataset: dataset?.fsPath ?? null, model: null, method: null, lora: true };
  const steps = [
    ...(dataset ? [] : [askDataset(datasets)]),
    askModel(extension, notices),
    askMethod(readings),
    askWeights,
  ];
  const draft = await askSteps(steps, start);
  if (!draft?.dataset || !draft.model || !draft.method) return null;
  const marks = await askMarks(draft.dataset, draft.method);
  if (!marks) return null;
  const reading = readings.of(vscode.Uri.file(draft.dataset));
  const keys = {
    ...marks,
    ...(await readingKeys(draft.dataset, reading)),
    ...methodKeys(draft.method, draft.lora, await weightBytes(draft.model)),
  };
  return vscode.Uri.file(await writeConfig(draft.dataset, draft.model, keys));
}

const title = 'Margin: Train';

/** The readable datasets, then *Browse…*. */
export async function datasetChoices(datasets: DatasetsModel): Promise<Choice<string | null>[]> {
  const items = (await datasets.ready()).flatMap(({ uri, look, counts }): Choice<string | null>[] => {
    if (look.kind === 'unread') return [];
    const rows = counts ? `${counts.rows.toLocaleString(vscode.env.language)} rows` : null;
    const detail = [look.shape, rows].filter((part) => part !== null).join(' · ');
    return [
      { label: basename(uri.fsPath), description: vscode.workspace.asRelativePath(uri), detail, value: uri.fsPath },
    ];
  });
  return [...items, browse(null)];
}

const askDataset =
  (datasets: DatasetsModel): Step<Draft> =>
  async (draft, ask) => {
    const placeholder = 'Pairs or judged answers to train on';
    const answer = await ask({ title, placeholder, choices: await datasetChoices(datasets) });
    if (answer === 'back' || (answer === null && draft.dataset !== null)) return null;
    const dataset = answer ?? (await openOne(title, { filters: dataFilters }))?.fsPath;
    return dataset === undefined ? null : { ...draft, dataset };
  };

const askModel =
  (extension: vscode.Uri, notices: Notices): Step<Draft> =>
  async (draft, ask) => {
    const placeholder = 'Model to train: a folder with config.json, tokenizer.json and *.safetensors';
    for (;;) {
      const near = await modelChoices(extension, draft.dataset);
      // *Browse…* stays last.
      const choices = [...near.slice(0, -1), findChoice, ...near.slice(-1)];
      const answer = await ask<ModelChoice | 'find'>({ title, placeholder, choices });
      if (answer === null || answer === 'back') return answer;
      if (answer === 'find') {
        const model = await askCached(extension, notices, ask);
        if (model === 'back') continue;
        return model === null ? null : { ...draft, model: model.path };
      }
      if (answer !== 'browse') return { ...draft, model: answer.folder };
      const model = await chosenFolder(answer, title);
      return model === null ? (draft.model === null ? null : draft) : { ...draft, model };
    }
  };

/** Offers every method, first those that fit the dataset's rows. Choosing another one shows which rows it needs. */
const askMethod =
  (readings: Readings): Step<Draft> =>
  async (draft, ask) => {
    const rows =
      draft.dataset === null ? 'pairs' : await rowsOf(draft.dataset, readings.of(vscode.Uri.file(draft.dataset)));
    const choices = [
      ...methods.filter((method) => method.rows === rows),
      ...methods.filter((method) => method.rows !== rows),
    ];
    for (let placeholder = 'Method'; ;) {
      const answer = await ask({
        title,
        placeholder,
        choices: choices.map((method) => methodChoice(method, rows)),
      });
      if (answer === null || answer === 'back') return answer;
      if (answer.rows === rows) return { ...draft, method: answer };
      placeholder =
        answer.rows === 'pairs'
          ? `${answer.name} needs pairs, but this dataset holds single judged answers`
          : `${answer.name} needs judged answers (prompt, completion, label), but this dataset holds pairs`;
    }
  };

function methodChoice(method: Method, rows: Method['rows']): Choice<Method> {
  const missing = method.rows === 'pairs' ? 'needs pairs' : 'needs judged answers';
  const description = method.rows === rows ? method.source : `${missing} · ${method.source}`;
  return { label: method.name, description, detail: method.use, value: method };
}

const askWeights: Step<Draft> = async (draft, ask) => {
  const choices: Choice<boolean>[] = [
    {
      label: 'LoRA',
      description: 'use_peft',
      detail: 'Trains a small adapter: needs little memory, and the model stays unchanged.',
      value: true,
    },
    {
      label: 'All weights',
      detail: 'For small models: needs four times the model’s size in memory.',
      value: false,
    },
  ];
  const answer = await ask({ title, placeholder: 'What to train', choices });
  return answer === null || answer === 'back' ? answer : { ...draft, lora: answer };
};

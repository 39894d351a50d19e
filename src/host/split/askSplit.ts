import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type * as vscode from 'vscode';
import type { JsonObject } from '../../pairs/json';
import { pathOf } from '../../pairs/own/keyPath';
import type { Reading } from '../../pairs/reading';
import { type SplitNames, splitNames } from '../../pairs/split/splitNames';
import type { DatasetsModel } from '../datasets/datasetsModel';
import { dataFilters } from '../datasets/mayHold';
import type { Notices } from '../notices';
import { askSteps, openOne, type Step } from '../quickSteps';
import { headRows } from '../reading/headRows';
import { datasetChoices } from '../train/askTraining';

export interface AskedSplit {
  readonly file: string;
  readonly reading: Reading;
  /** A share of the rows, or their number. */
  readonly evalSize: number;
  /** Key path of a column; null for none. */
  readonly stratify: string | null;
  readonly near: number;
  readonly names: SplitNames;
}

/** What the questions need from other parts of the extension. */
export interface SplitServices {
  readonly notices: Notices;
  readonly datasets: DatasetsModel;
  /** How the rows of a file are read. */
  readonly readingOf: (file: string) => Reading;
  /** Makes sure that the file on the disk has all edits. False: the person declined. */
  readonly saved: (file: string) => Promise<boolean>;
}

interface Draft {
  readonly file: string | null;
  readonly evalSize: number;
  readonly stratify: string | null;
  readonly near: number;
}

const title = 'Margin: Split';
/** A column with more values in the first rows holds no categories. */
const mostValues = 20;

/**
 * Asks for file, size, column and similarity, and whether files that exist are replaced.
 *
 * @param file the answer to the first question, which is then not asked
 * @returns null if the person closed a list or dialog
 */
export async function askSplit(services: SplitServices, file: vscode.Uri | undefined): Promise<AskedSplit | null> {
  const start: Draft = { file: file?.fsPath ?? null, evalSize: 0.1, stratify: null, near: 0.8 };
  const steps = [...(file ? [] : [askFile(services.datasets)]), askSize, askColumn, askNear];
  const draft = await askSteps(steps, start);
  if (!draft || draft.file === null || !(await services.saved(draft.file))) return null;
  const names = splitNames(draft.file);
  if (!(await mayReplace(services.notices, names))) return null;
  return { ...draft, file: draft.file, reading: services.readingOf(draft.file), names };
}

const askFile =
  (datasets: DatasetsModel): Step<Draft> =>
  async (draft, ask) => {
    const answer = await ask({ title, placeholder: 'Which file?', choices: await datasetChoices(datasets) });
    if (answer === 'back') return 'back';
    const file = answer ?? (await openOne(title, { filters: dataFilters }))?.fsPath;
    return file === undefined ? null : { ...draft, file };
  };

const askSize: Step<Draft> = async (draft, ask) => {
  const shares = [0.1, 0.05, 0.2, 0.01].map((value) => ({ label: `${100 * value} % of the rows`, value }));
  const counts = [100, 500, 1000].map((value) => ({ label: `${value.toLocaleString('en')} rows`, value }));
  const placeholder = 'How many rows to evaluate on? Rows with nearly the same prompt stay on one side';
  const evalSize = await ask({ title, placeholder, choices: [...shares, ...counts] });
  return evalSize === null || evalSize === 'back' ? evalSize : { ...draft, evalSize };
};

const askColumn: Step<Draft> = async (draft, ask) => {
  const columns = draft.file === null ? [] : categoriesIn(await headRows(draft.file));
  const choices = [
    { label: 'No column', detail: 'The prompts alone decide.', value: { column: null } },
    ...columns.map(({ path, values }) => ({ label: path, detail: values, value: { column: path } })),
  ];
  const placeholder = 'Which column shall have the same shares on both sides?';
  const answer = await ask<{ readonly column: string | null }>({ title, placeholder, choices });
  return answer === null || answer === 'back' ? answer : { ...draft, stratify: answer.column };
};

const askNear: Step<Draft> = async (draft, ask) => {
  const choices = [
    { label: '0.8', detail: 'Texts that share eight of ten word pairs are near duplicates.', value: 0.8 },
    { label: '0.9', detail: 'Only texts that differ by a few words.', value: 0.9 },
    { label: '0.6', detail: 'Also texts that share most of their words.', value: 0.6 },
    { label: 'Only the same words', detail: 'Case, white space and punctuation do not count.', value: 1 },
  ];
  const near = await ask({ title, placeholder: 'How similar are near duplicates at least?', choices });
  return near === null || near === 'back' ? near : { ...draft, near };
};

/** Columns with few different values, of the rows and of the objects in them, with their first values. */
function categoriesIn(rows: readonly JsonObject[]): { readonly path: string; readonly values: string }[] {
  const found = new Map<string, Set<string>>();
  const add = (keys: readonly string[], value: unknown): void => {
    if (typeof value === 'object' || value === undefined) return;
    const path = pathOf(keys);
    const values = found.get(path) ?? new Set();
    found.set(path, values.add(String(value)));
  };
  for (const row of rows)
    for (const [key, value] of Object.entries(row)) {
      add([key], value);
      if (typeof value === 'object' && value !== null && !Array.isArray(value))
        for (const [inner, deep] of Object.entries(value)) add([key, inner], deep);
    }
  return [...found]
    .filter(([, values]) => values.size > 1 && values.size <= Math.min(mostValues, rows.length / 2))
    .map(([path, values]) => ({ path, values: [...values].slice(0, 5).join(', ') }));
}

async function mayReplace(notices: Notices, names: SplitNames): Promise<boolean> {
  const there = [names.train, names.eval, names.proof].filter((name) => existsSync(name));
  if (there.length === 0) return true;
  const list = there.map((name) => basename(name)).join(', ');
  const answer = await notices.ask('warning', `Replace ${list}?`, 'They are in the same folder.', 'Replace');
  return answer === 'Replace';
}

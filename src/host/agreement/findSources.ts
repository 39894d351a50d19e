import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { isRecord } from '../../base/pure/isRecord';
import { saidIn } from '../../pairs/agreement/ratingTable';
import type { JsonObject } from '../../pairs/json';
import { isMarksName, marksName } from '../../pairs/marks/marksName';
import { keysOf, pathOf } from '../../pairs/own/keyPath';
import type { AgreementSource } from '../../protocol/agreement';
import { rewardChoices } from '../pairEditor/node/rewards';
import { headRows } from '../reading/headRows';

/** A column with more different values in the first rows does not hold categories. */
const mostValues = 12;
/** A longer text is no label. */
const longestLabel = 40;
const listedValues = 5;

type Found = Omit<AgreementSource, 'chosen'>;

/**
 * Where the labels of a dataset may be: marks files in its folder, columns with few values, and rewards of models.
 * Preselects the marks files whose names begin like the dataset's. If there are none, it preselects the columns of one
 * object, such as `labels.anna` and `labels.ben`.
 */
export async function findSources(file: string, runFolders: readonly string[]): Promise<readonly AgreementSource[]> {
  const [marks, columns, rewards] = await Promise.all([
    marksFiles(file),
    headRows(file).then(columnsIn),
    rewardChoices(file, runFolders),
  ]);
  const models = rewards.map(({ id, label }): Found => ({ id, kind: 'model', label, detail: '' }));
  const first = firstChoice(file, marks, columns);
  return [...marks, ...columns, ...models].map((source) => ({ ...source, chosen: first.has(source.id) }));
}

function firstChoice(file: string, marks: readonly Found[], columns: readonly Found[]): ReadonlySet<string> {
  const stem = path.basename(marksName(file)).replace(/\.marks\.jsonl$/, '');
  const own = marks.filter(({ label }) => label.startsWith(stem));
  if (own.length > 0) return new Set(own.map(({ id }) => id));
  const parentOf = ({ id }: Found): string => id.slice(0, Math.max(0, id.lastIndexOf('.')));
  const siblings = (one: Found): readonly Found[] => columns.filter((other) => parentOf(other) === parentOf(one));
  const first = columns.find((one) => parentOf(one) !== '' && siblings(one).length > 1);
  return new Set(first ? siblings(first).map(({ id }) => id) : []);
}

async function marksFiles(file: string): Promise<readonly Found[]> {
  const folder = path.dirname(file);
  const names = (await readdir(folder)).filter((name) => isMarksName(name)).sort();
  return names.map((name) => ({ id: path.join(folder, name), kind: 'marks', label: name, detail: '' }));
}

/** Columns that may hold the labels of an annotator: few values, or objects of such. */
function columnsIn(rows: readonly JsonObject[]): readonly Found[] {
  const found = new Map<string, Set<string>>();
  for (const row of rows)
    for (const [key, value] of Object.entries(row)) {
      const inner = isRecord(value) ? Object.entries(value).map(([name, deep]) => [[key, name], deep] as const) : [];
      for (const [keys, one] of [[[key], value] as const, ...inner]) {
        const said = saidIn(one);
        const known = found.get(pathOf(keys)) ?? new Set();
        found.set(pathOf(keys), known);
        // A text that is not a label rules the column out.
        if (typeof said === 'string') known.add('').add(said);
        else for (const label of said.values()) known.add(String(label).slice(0, longestLabel + 1));
      }
    }
  return [...found].flatMap(([id, values]): Found[] => {
    const labels = [...values];
    // An annotator may have given all rows the same label. But a top-level column that is always the same does not hold
    // labels.
    const least = keysOf(id).length > 1 ? 1 : 2;
    const isLabels = labels.length >= least && labels.length <= mostValues;
    if (!isLabels || labels.some((label) => label === '' || label.length > longestLabel)) return [];
    return [{ id, kind: 'column', label: id, detail: labels.sort().slice(0, listedValues).join(', ') }];
  });
}

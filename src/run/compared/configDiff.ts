import { basename } from 'node:path';
import { defaultOf, type Key } from '../keys/key';
import { keys } from '../keys/keys';
import type { RunConfig } from '../types';
import { asValue } from './runColumns';
import type { ConfigDifference, ConfigValue } from './types';

/** Every run has another name, which the table shows. */
const leftOut: ReadonlySet<string> = new Set(['run_name']);
/** Digits of a hash that tell two files apart for a reader. */
const hashDigits = 10;

/**
 * The keys in which runs differ, in the order of the table of keys, and then what their files were: data, marks, guard,
 * model and versions. A run of an older Margin has the default of keys that it did not know.
 */
export function configDiff(runs: readonly RunConfig[]): readonly ConfigDifference[] {
  const ofKeys = keys
    .filter(({ name }) => !leftOut.has(name))
    .map((key): ConfigDifference => ({ name: key.name, help: key.text, values: runs.map((run) => valueOf(run, key)) }));
  const ofFiles = records.map(([name, text]): ConfigDifference => ({
    name,
    help: null,
    values: runs.map((run) => ({ text: text(run), isDefault: false })),
  }));
  return [...ofKeys, ...ofFiles].filter(({ values }) => new Set(values.map(({ text }) => text)).size > 1);
}

function valueOf({ config }: RunConfig, key: Key): ConfigValue {
  const value = config[key.name];
  return { text: String(asValue(value)), isDefault: isDefault(value, key, config.trainer) };
}

function isDefault(value: unknown, key: Key, trainer: string): boolean {
  // Without loss_weights, each loss has the weight 1.
  if (key.name === 'loss_weights') return Array.isArray(value) && value.every((weight) => weight === 1);
  return JSON.stringify(value) === JSON.stringify(defaultOf(key, trainer));
}

/** What a run was made from, besides its keys. */
const records: readonly (readonly [name: string, text: (run: RunConfig) => string])[] = [
  ['content of train_file', ({ data }) => `${data.size} bytes, sha256 ${short(data.sha256)}`],
  ['content of guard_file', ({ guard }) => (guard === null ? 'none' : `sha256 ${short(guard.sha256)}`)],
  ['content of the marks', ({ marks }) => (marks.length === 0 ? 'none' : filesText(marks))],
  ['files of the model', ({ model }) => filesText(model)],
  [
    'versions',
    ({ versions }) =>
      Object.entries(versions)
        .map(([name, version]) => `${name} ${version}`)
        .sort()
        .join(', '),
  ],
];

function filesText(
  files: readonly { readonly path: string; readonly size: number; readonly sha256: string | null }[],
): string {
  return files
    .map(({ path, size, sha256 }) => `${basename(path)} ${sha256 === null ? `${size} bytes` : short(sha256)}`)
    .join(', ');
}

const short = (hash: string): string => hash.slice(0, hashDigits);

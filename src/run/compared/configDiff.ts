import { basename } from 'node:path';
import { defaultOf, type Key } from '../keys/key';
import { keys } from '../keys/keys';
import type { RunConfig } from '../types';
import type { ComparedRun } from './comparedRun';
import { asValue } from './runColumns';
import type { ConfigDifference, ConfigValue } from './types';

/** Every run has another name, which the table shows. */
const leftOut: ReadonlySet<string> = new Set(['run_name']);
/** Digits of a hash that tell two files apart for a reader. */
const hashDigits = 10;

/** The value of a key that the files of another program's run do not state. */
const notStated = 'not stated';

type KnownSettings = Pick<ComparedRun, 'config' | 'settings'>;

/**
 * The keys in which runs differ, in the order of the table of keys, and then what their files were: data, marks, guard,
 * model and versions. A run of an older Margin has the default of keys that it did not know.
 */
export function configDiff(runs: readonly KnownSettings[]): readonly ConfigDifference[] {
  const ofKeys = keys
    .filter(({ name }) => !leftOut.has(name))
    .map((key): ConfigDifference => ({ name: key.name, help: key.text, values: runs.map((run) => valueOf(run, key)) }));
  const ofOthers = otherKeys(runs).map((name): ConfigDifference => ({
    name,
    help: null,
    values: runs.map(({ settings }) => ({ text: String(asValue(settings[name])), isDefault: false })),
  }));
  const ofFiles = records.map(([name, text]): ConfigDifference => ({
    name,
    help: null,
    values: runs.map(({ config }) => ({ text: config === null ? notStated : text(config), isDefault: false })),
  }));
  return [...ofKeys, ...ofOthers, ...ofFiles].filter(({ values }) => new Set(values.map(({ text }) => text)).size > 1);
}

/** Keys that Margin does not have and all of these runs state: those of other programs. */
function otherKeys(runs: readonly KnownSettings[]): string[] {
  const own = new Set<string>(keys.map(({ name }) => name));
  const [first, ...rest] = runs;
  return Object.keys(first ? first.settings : {}).filter(
    (name) => !own.has(name) && rest.every(({ settings }) => Object.hasOwn(settings, name)),
  );
}

function valueOf({ config, settings }: KnownSettings, key: Key): ConfigValue {
  if (!Object.hasOwn(settings, key.name)) return { text: notStated, isDefault: false };
  const value = settings[key.name];
  return { text: String(asValue(value)), isDefault: config !== null && isDefault(value, key, config.config.trainer) };
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

import { basename, dirname, resolve } from 'node:path';
import { readSmallText } from '../base/node/smallFile';
import { isRecord } from '../base/pure/isRecord';
import { MarginError } from '../base/pure/marginError';
import { checkValue } from './checkValue';
import { configFields, FieldProblem, position } from './configFields';
import { contradictions } from './contradictions';
import { defaultOf } from './keys/key';
import { keys } from './keys/keys';
import type { Key } from './keys/key';
import { nearest } from '../base/pure/nearest';
import { refusedKeys } from './refusedKeys';
import type { ValidValues } from './rules/rule';
import type { TrainConfig } from './types';

export interface ConfigProblem {
  /** The key that the problem is about; null for the file as a whole. */
  readonly field: string | null;
  /** From 1; null if the value comes from the command line. */
  readonly line: number | null;
  readonly column: number | null;
  readonly message: string;
}

export interface CheckedConfig {
  /** Null if there are problems. */
  readonly config: TrainConfig | null;
  readonly problems: readonly ConfigProblem[];
}

/** Values from the command line by key, with their JSON types. Paths are absolute. */
export type Overrides = ReadonlyMap<string, unknown>;

/** A value with its position in the file, or null if it comes from the command line. */
interface GivenValue {
  readonly value: unknown;
  readonly line: number | null;
  readonly column: number | null;
}

/** A config with every key, and a long text in each, has 20 KB. */
const maxConfigBytes = 1 << 20;

/** The text of a `*.train.json`. Errors: `not-a-file`, `too-large`, and those of {@link readSmallText}. */
export async function readTrainConfig(file: string): Promise<string> {
  return readSmallText(file, maxConfigBytes);
}

const byName: ReadonlyMap<string, Key> = new Map(keys.map((key) => [key.name, key]));

/**
 * The config of a `*.train.json`, with defaults filled in and relative paths resolved from its folder. Throws `config`
 * with one line per problem, `FILE:LINE:COLUMN: FIELD …`; `details.problems` has them as {@link ConfigProblem}s.
 *
 * @param file the absolute path of the config
 */
export function parseTrainConfig(text: string, file: string, overrides: Overrides = new Map()): TrainConfig {
  const { config, problems } = checkTrainConfig(text, file, overrides);
  if (config) return config;
  const lines = problems.map(
    ({ line, column, message }) => `${line === null ? '' : `${file}:${line}:${column}: `}${message}`,
  );
  throw new MarginError('config', lines.join('\n'), { file, problems });
}

/** As {@link parseTrainConfig}, but returns the problems instead of throwing them. */
export function checkTrainConfig(text: string, file: string, overrides: Overrides = new Map()): CheckedConfig {
  const problems: ConfigProblem[] = [];
  const given = new Map<string, GivenValue>();
  try {
    for (const { name, value, nameOffset, valueOffset } of configFields(text)) {
      const refusal = refuseName(name);
      if (refusal !== null) problems.push({ field: name, ...position(text, nameOffset), message: refusal });
      else if (name !== '$schema') given.set(name, { value, ...position(text, valueOffset) });
    }
  } catch (error) {
    if (!(error instanceof FieldProblem)) throw error;
    return { config: null, problems: [{ field: null, ...position(text, error.offset), message: error.message }] };
  }
  for (const [name, value] of overrides) given.set(name, { value, line: null, column: null });
  const values = fill(given, problems);
  problems.push(...contradictionsIn(values, given));
  if (problems.length > 0) return { config: null, problems: problems.sort(byPosition) };
  return { config: resolveValues(values, file), problems };
}

/** Why a key's name is refused, or null if it is known. */
export function refuseName(name: string): string | null {
  if (name === '$schema' || byName.has(name)) return null;
  const instead = Object.hasOwn(refusedKeys, name) ? refusedKeys[name] : undefined;
  if (instead !== undefined)
    return `${name} is not implemented in Margin yet: leave it out${instead === '' ? '' : ` (${instead})`}`;
  const near = nearest(name, [...byName.keys()]);
  return `${name} is not a known key${near === null ? '' : `; did you mean ${near}?`}`;
}

/** By line and column. Problems of the command line have no position and come last. */
function byPosition(a: ConfigProblem, b: ConfigProblem): number {
  if (a.line === null || b.line === null) return Number(a.line === null) - Number(b.line === null);
  return a.line - b.line || Number(a.column) - Number(b.column);
}

/** The valid values of all keys, with defaults. A key whose value is not valid is left out and adds a problem. */
function fill(given: ReadonlyMap<string, GivenValue>, problems: ConfigProblem[]): Map<string, unknown> {
  const values = new Map<string, unknown>();
  for (const key of keys) {
    const { name } = key;
    const found = given.get(name);
    if (found !== undefined) {
      const checked = checkValue(key, found.value);
      if ('value' in checked) values.set(name, checked.value);
      else
        problems.push({ field: name, line: found.line, column: found.column, message: `${name} ${checked.problem}` });
    } else if (key.default === undefined) {
      problems.push({ field: name, line: 1, column: 1, message: `${name} is missing: ${key.text}` });
    } else {
      values.set(name, defaultOf(key, values.get('trainer')));
    }
  }
  return values;
}

function contradictionsIn(
  values: ReadonlyMap<string, unknown>,
  given: ReadonlyMap<string, GivenValue>,
): ConfigProblem[] {
  const valid: ValidValues = Object.fromEntries(values);
  return contradictions.flatMap(({ field, check }) => {
    const message = check(valid);
    // A key that is not given has its default, and no position in the file.
    const found = given.get(field);
    return message === null ? [] : [{ field, line: found?.line ?? null, column: found?.column ?? null, message }];
  });
}

/** Makes paths absolute, and replaces nulls that stand for a value: `loss_weights` and `run_name`. */
function resolveValues(values: ReadonlyMap<string, unknown>, file: string): TrainConfig {
  const resolved = new Map(values);
  for (const { name, type } of keys) {
    const value = values.get(name);
    if (type.kind === 'path' && typeof value === 'string') resolved.set(name, resolve(dirname(file), value));
  }
  const losses = values.get('loss_type');
  if (resolved.get('loss_weights') === null && Array.isArray(losses))
    resolved.set(
      'loss_weights',
      losses.map(() => 1),
    );
  if (resolved.get('run_name') === null) resolved.set('run_name', basename(file).replace(/(\.train)?\.json$/, ''));
  const config: unknown = Object.fromEntries(resolved);
  assertComplete(config);
  return config;
}

/** Every value was checked against its key, and the type of the table guarantees that no key is missing from it. */
function assertComplete(config: unknown): asserts config is TrainConfig {
  const missing = keys.find(({ name }) => !isRecord(config) || !(name in config));
  if (missing) throw new MarginError('internal', `${missing.name} has no value`);
}

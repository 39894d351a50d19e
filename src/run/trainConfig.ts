import { basename, dirname, resolve } from 'node:path';
import { readSmallText } from '../base/node/smallFile';
import { MarginError } from '../base/pure/marginError';
import { checkValue } from './checkValue';
import { configFields, FieldProblem, position } from './configFields';
import { contradictions, type Values } from './contradictions';
import { defaultOf } from './keys/key';
import { keys } from './keys/keys';
import type { Key } from './keys/key';
import { nearest } from '../base/pure/nearest';
import { refusedKeys } from './refusedKeys';
import type { TrainConfig } from './types';

export interface ConfigProblem {
  /** Key the problem is about; null for the file as a whole. */
  readonly field: string | null;
  /** From 1; null where the value came from the command line. */
  readonly line: number | null;
  readonly column: number | null;
  readonly message: string;
}

export interface CheckedConfig {
  /** Null where there are problems. */
  readonly config: TrainConfig | null;
  readonly problems: readonly ConfigProblem[];
}

/** A value from the command line, already of its JSON type. Paths are absolute. */
export type Overrides = ReadonlyMap<string, unknown>;

interface Given {
  readonly value: unknown;
  readonly line: number | null;
  readonly column: number | null;
}

/** A config with every key and a comment's worth of text in each is 20 KB. */
const maxConfigBytes = 1 << 20;

/** The text of a `*.train.json`. Errors: `not-a-file`, `too-large`, and those of {@link readSmallText}. */
export async function readTrainConfig(file: string): Promise<string> {
  return readSmallText(file, maxConfigBytes);
}

const byName: ReadonlyMap<string, Key> = new Map(keys.map((key) => [key.name, key]));

/**
 * A `*.train.json` with defaults filled in and paths made absolute from its folder. Throws `config` with one line a
 * problem: `FILE:LINE:COLUMN: FIELD …`; `details.problems` holds them as {@link ConfigProblem}s.
 *
 * @param file absolute path of the config
 */
export function parseTrainConfig(text: string, file: string, overrides: Overrides = new Map()): TrainConfig {
  const { config, problems } = checkTrainConfig(text, file, overrides);
  if (config) return config;
  const lines = problems.map(
    ({ line, column, message }) => `${line === null ? '' : `${file}:${line}:${column}: `}${message}`,
  );
  throw new MarginError('config', lines.join('\n'), { file, problems });
}

/** As {@link parseTrainConfig}, with every problem as data. */
export function checkTrainConfig(text: string, file: string, overrides: Overrides = new Map()): CheckedConfig {
  const problems: ConfigProblem[] = [];
  const given = new Map<string, Given>();
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
  problems.push(...crossChecks(values, given));
  if (problems.length > 0) return { config: null, problems: problems.sort(byPlace) };
  return { config: finish(values, file), problems };
}

/** Why a key's name is not accepted, or null where it is. */
export function refuseName(name: string): string | null {
  if (name === '$schema' || byName.has(name)) return null;
  const instead = Object.hasOwn(refusedKeys, name) ? refusedKeys[name] : undefined;
  if (instead !== undefined)
    return `${name} is not implemented in Margin yet: leave it out${instead === '' ? '' : ` (${instead})`}`;
  const near = nearest(name, [...byName.keys()]);
  return `${name} is not a known key${near === null ? '' : `; did you mean ${near}?`}`;
}

/** Problems of the command line, which have no place, stand at the end. */
function byPlace(a: ConfigProblem, b: ConfigProblem): number {
  return (a.line ?? Infinity) - (b.line ?? Infinity) || (a.column ?? 0) - (b.column ?? 0);
}

function fill(given: ReadonlyMap<string, Given>, problems: ConfigProblem[]): Map<string, unknown> {
  const values = new Map<string, unknown>();
  for (const key of keys) {
    const found = given.get(key.name);
    if (found === undefined) {
      if (key.default === undefined)
        problems.push({ field: key.name, line: 1, column: 1, message: `${key.name} is missing: ${key.text}` });
      else values.set(key.name, defaultOf(key, values.get('trainer')));
      continue;
    }
    const checked = checkValue(key, found.value);
    if ('problem' in checked)
      problems.push({
        field: key.name,
        line: found.line,
        column: found.column,
        message: `${key.name} ${checked.problem}`,
      });
    else values.set(key.name, checked.value);
  }
  return values;
}

function crossChecks(values: ReadonlyMap<string, unknown>, given: ReadonlyMap<string, Given>): ConfigProblem[] {
  const valid: Values = Object.fromEntries(values);
  return contradictions.flatMap(({ field, find }) => {
    const message = find(valid);
    const { line = null, column = null } = given.get(field) ?? {};
    return message === null ? [] : [{ field, line, column, message }];
  });
}

function finish(values: ReadonlyMap<string, unknown>, file: string): TrainConfig {
  const resolved = new Map(values);
  for (const { name, type } of keys) {
    const value = values.get(name);
    if (type.kind === 'path' && typeof value === 'string') resolved.set(name, resolve(dirname(file), value));
  }
  const types = values.get('loss_type');
  if (resolved.get('loss_weights') === null && Array.isArray(types))
    resolved.set(
      'loss_weights',
      types.map(() => 1),
    );
  if (resolved.get('run_name') === null) resolved.set('run_name', basename(file).replace(/(\.train)?\.json$/, ''));
  const config: unknown = Object.fromEntries(resolved);
  assertComplete(config);
  return config;
}

/** The table lists every key of TrainConfig with its type, and every value was checked against it. */
function assertComplete(config: unknown): asserts config is TrainConfig {
  const missing = keys.find(({ name }) => typeof config !== 'object' || config === null || !(name in config));
  if (missing) throw new MarginError('internal', `${missing.name} has no value`);
}

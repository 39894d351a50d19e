import { isMachine } from '../base/pure/machine';
import { isRecord } from '../base/pure/isRecord';
import { MarginError } from '../base/pure/marginError';
import { checkValue } from './checkValue';
import { defaultOf } from './keys/key';
import { keys } from './keys/keys';
import type { RunConfig, RunState, RunStatus, TrainConfig } from './types';

/** These functions check parsed JSON files of a run folder, which may come from anyone. */

type Fields<T> = Partial<Record<keyof T, unknown>>;

/** The last time of JavaScript's `Date`, in milliseconds since 1970. */
const lastDate = 8.64e15;
/** The longest name of a run. Lists and titles show it. */
const maxNameLength = 1000;

const statuses: Readonly<Record<RunStatus, true>> = {
  queued: true,
  starting: true,
  running: true,
  paused: true,
  stopping: true,
  done: true,
  stopped: true,
  failed: true,
};

/**
 * Checks the content of a config.json. Keys that an older Margin did not write get their defaults. Keys that this
 * Margin does not know stay; {@link unknownKeys} names them.
 *
 * @throws MarginError `corrupt` with the file and the field
 */
export function asRunConfig(value: Readonly<Record<string, unknown>>, path: string): RunConfig {
  // An older Margin wrote neither marks nor a guard.
  const {
    name,
    created,
    config,
    data,
    guard = null,
    marks = [],
    model,
    versions,
    version,
  } = value as Fields<RunConfig>;
  const refuse = (field: string, wanted: string): never => refuseField(path, field, wanted);
  if (typeof version !== 'number') return refuse('version', 'a number');
  if (typeof name !== 'string' || name.length > maxNameLength)
    return refuse('name', `a string of at most ${maxNameLength} characters`);
  if (!isTime(created)) return refuse('created', 'a time in milliseconds since 1970');
  if (!isRecord(config)) return refuse('config', 'an object');
  if (!isFingerprint(data)) return refuse('data', 'an object with path, size and sha256');
  if (guard !== null && !isFingerprint(guard)) return refuse('guard', 'null or an object with path, size and sha256');
  if (!Array.isArray(marks) || !marks.every(isFingerprint))
    return refuse('marks', 'a list of objects with path, size and sha256');
  if (!Array.isArray(model) || !model.every(isModelFingerprint))
    return refuse('model', 'a list of objects with path, size and sha256');
  if (!isRecord(versions) || !isTexts(versions)) return refuse('versions', 'an object of strings');
  return { ...value, version, name, created, data, guard, marks, model, versions, config: asTrainConfig(config, path) };
}

/** The keys of a config that this Margin does not know: from a newer Margin, or by mistake. */
export function unknownKeys(config: TrainConfig): string[] {
  const known = new Set<string>(keys.map(({ name }) => name));
  return Object.keys(config).filter((name) => !known.has(name));
}

/** Checks the content of a state.json; null if a field is missing or wrong. */
export function asRunState(value: Readonly<Record<string, unknown>>): RunState | null {
  // An older Margin did not write these three fields.
  const whole = { rows_read: null, best: null, machine: null, ...value };
  return isRunState(whole) ? whole : null;
}

function asTrainConfig(config: Readonly<Record<string, unknown>>, path: string): TrainConfig {
  const checked = new Map<string, unknown>(Object.entries(config));
  for (const key of keys) {
    const given = Object.hasOwn(config, key.name) ? config[key.name] : defaultOf(key, config['trainer']);
    const result = checkValue(key, given);
    if ('problem' in result) throw damaged(path, `config.${key.name} ${result.problem}`);
    checked.set(key.name, result.value);
  }
  const whole: unknown = Object.fromEntries(checked);
  assertChecked(whole);
  return whole;
}

/** Every value was checked against its key, and the type of the table guarantees that no key is missing from it. */
function assertChecked(config: unknown): asserts config is TrainConfig {
  if (!isRecord(config)) throw new MarginError('internal', 'a checked config must be an object');
}

function isRunState(value: Fields<RunState>): value is RunState {
  const { version, status, pid, heartbeat, step, steps, best, machine, error, held_out: held } = value;
  const optional = [value.rows_read, value.eta, value.pairs_per_second, value.tokens_per_second, value.memory];
  return (
    typeof version === 'number' &&
    typeof status === 'string' &&
    Object.hasOwn(statuses, status) &&
    Number.isSafeInteger(pid) &&
    isTime(heartbeat) &&
    isCount(step) &&
    isCount(steps) &&
    optional.every((one) => one === null || typeof one === 'number') &&
    (held === undefined || isCount(held)) &&
    (best === null || isBest(best)) &&
    (machine === null || isMachine(machine)) &&
    (error === null || isError(error))
  );
}

function isBest(value: unknown): boolean {
  return (
    isRecord(value) &&
    isCount(value['step']) &&
    typeof value['metric'] === 'string' &&
    typeof value['value'] === 'number'
  );
}

function isError(value: unknown): boolean {
  return isRecord(value) && typeof value['code'] === 'string' && typeof value['message'] === 'string';
}

function isFingerprint(value: unknown): value is RunConfig['data'] {
  if (!isRecord(value)) return false;
  return typeof value['path'] === 'string' && isCount(value['size']) && typeof value['sha256'] === 'string';
}

function isModelFingerprint(value: unknown): value is RunConfig['model'][number] {
  return isFingerprint(isRecord(value) && value['sha256'] === null ? { ...value, sha256: '' } : value);
}

function isTexts(value: Readonly<Record<string, unknown>>): value is RunConfig['versions'] {
  return Object.values(value).every((one) => typeof one === 'string');
}

export const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
const isTime = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value <= lastDate;

function refuseField(path: string, field: string, wanted: string): never {
  throw damaged(path, `${field} must be ${wanted}`);
}

function damaged(path: string, what: string): MarginError {
  return new MarginError('corrupt', `${path}: ${what}: the file is damaged. Restore it, or delete the run folder.`, {
    path,
  });
}

import { isRecord } from '../base/pure/isRecord';
import type { ConfigValue, PointEvent } from './trackedRun';

/** Names that say where a point is, not what was measured. */
const places: ReadonlySet<string> = new Set(['step', 'train/global_step']);
/** JSON has no such numbers. Python's `json` and Trackio write them as these words. */
const nonFinite: ReadonlyMap<unknown, number> = new Map([
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
]);

/**
 * TRL's name of a metric. Callbacks of transformers rename what a trainer logs: `eval_loss` to `eval/loss`, `loss` to
 * `train/loss` (`rewrite_logs` in transformers/integrations/integration_utils.py).
 */
export function metricName(logged: string): string {
  if (logged.startsWith('eval/')) return `eval_${logged.slice('eval/'.length)}`;
  return logged.startsWith('train/') ? logged.slice('train/'.length) : logged;
}

/** The name under which transformers' callbacks log one of TRL's metrics; the inverse of {@link metricName}. */
export function loggedName(metric: string): string {
  return metric.startsWith('eval_') ? `eval/${metric.slice('eval_'.length)}` : `train/${metric}`;
}

/** The numbers of a logged object, and how many of its values are none. */
export function metricsOf(logged: Readonly<Record<string, unknown>>): {
  readonly metrics: Readonly<Record<string, number>>;
  readonly skipped: number;
} {
  const metrics: Record<string, number> = {};
  let skipped = 0;
  for (const [name, value] of Object.entries(logged)) {
    if (places.has(name)) continue;
    const number = typeof value === 'number' ? value : nonFinite.get(value);
    if (number === undefined) skipped++;
    else metrics[metricName(name)] = number;
  }
  return { metrics, skipped };
}

/** The keys of PEFT's config of an adapter, and the names that a `*.train.json` has for them. */
const adapterKeys: Readonly<Record<string, string>> = {
  base_model_name_or_path: 'model_name_or_path',
  r: 'lora_r',
  lora_alpha: 'lora_alpha',
  lora_dropout: 'lora_dropout',
  target_modules: 'lora_target_modules',
  use_rslora: 'use_rslora',
};

/** The settings of an adapter among those of a config. @param before what comes before PEFT's keys in it */
export function adapterSettings(
  config: Readonly<Record<string, ConfigValue>>,
  before: string,
): Record<string, ConfigValue> {
  const settings: Record<string, ConfigValue> = {};
  for (const [key, name] of Object.entries(adapterKeys)) {
    const value = config[before + key];
    if (value !== undefined) settings[name] = value;
  }
  return settings;
}

/** A point is of an evaluation if it has a metric of one. */
export function kindOf(metrics: Readonly<Record<string, number>>): PointEvent['kind'] {
  return Object.keys(metrics).some((name) => name.startsWith('eval_')) ? 'eval' : 'train';
}

/** A sentence about values that are not numbers; none if there are none. */
export function skippedRemark(count: number, path: string): string[] {
  if (count === 0) return [];
  return [
    `${path}: ${count} ${count === 1 ? 'value is' : 'values are'} not numbers (texts, images, tables) and not shown.`,
  ];
}

/** The settings among the values of an object. Objects in it get the name of their key before their own keys. */
export function configOf(value: Readonly<Record<string, unknown>>, before = ''): Record<string, ConfigValue> {
  const config: Record<string, ConfigValue> = {};
  for (const [key, one] of Object.entries(value)) {
    if (isRecord(one)) Object.assign(config, configOf(one, `${before}${key}.`));
    else if (isConfigValue(one)) config[before + key] = one;
  }
  return config;
}

function isConfigValue(value: unknown): value is ConfigValue {
  if (Array.isArray(value)) return value.every(isConfigValue);
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

import { compareValues } from '../../base/pure/compareValues';
import { keys } from '../keys/keys';
import type { Metrics } from '../types';
import type { ComparedRun } from './comparedRun';
import type { RunValue, ShownColumn } from './types';

/** A column with what it has of each run. */
export interface RunColumn extends ShownColumn {
  readonly value: (run: ComparedRun) => RunValue;
}

type Own = Omit<RunColumn, 'better' | 'format'> & Partial<Pick<RunColumn, 'better' | 'format'>>;

const last =
  (name: string) =>
  ({ metrics }: ComparedRun): RunValue =>
    valueOf(metrics.last, name);

/** Columns that are neither a metric nor a key of the config as it is. */
const own: readonly RunColumn[] = (
  [
    { id: 'state', label: 'state', title: 'What the run does now, and how far it is', value: progress },
    { id: 'created', label: 'created', title: 'When the run was made', format: 'time', value: (run) => run.created },
    {
      id: 'step',
      label: 'step',
      title: 'Optimizer steps so far',
      format: 'whole',
      value: ({ step }) => step,
    },
    {
      id: 'accuracy',
      label: 'held-out',
      title: 'The share of held-out pairs with a margin above 0, at the last evaluation (eval_rewards/accuracies)',
      better: 'high',
      format: 'share',
      value: last('eval_rewards/accuracies'),
    },
    {
      id: 'margin',
      label: 'margin',
      title: 'The mean margin of held-out pairs at the last evaluation (eval_rewards/margins)',
      better: 'high',
      format: 'change',
      value: last('eval_rewards/margins'),
    },
    {
      id: 'chosen_change',
      label: 'Δ chosen',
      title:
        'How much likelier the chosen answers are than under the reference, in nats: of held-out pairs, or of training pairs without an evaluation. Without a reference (CPO, ORPO): since the first step.',
      better: 'high',
      format: 'change',
      value: chosenChange,
    },
    {
      id: 'guard_change',
      label: 'Δ language',
      title:
        'How much the loss on guard_file has changed since the start, in nats per token. Above 0: the model forgets.',
      better: 'low',
      format: 'change',
      value: ({ metrics }) => changeOf(metrics.first, metrics.last, 'eval_guard_loss'),
    },
    {
      id: 'best',
      label: 'best',
      title: 'The best evaluation by metric_for_best_model; its checkpoint is kept',
      value: ({ state }) => state?.best?.value ?? null,
    },
    {
      id: 'duration',
      label: 'duration',
      title: 'From the first point to the last',
      better: 'low',
      format: 'seconds',
      value: ({ metrics }) => metrics.seconds,
    },
    { id: 'tags', label: 'tags', title: 'Tags that a person gave', value: ({ notes }) => text(notes.tags.join(', ')) },
    { id: 'note', label: 'note', title: 'What a person noted', value: ({ notes }) => text(notes.note) },
  ] satisfies readonly Own[]
).map((column: Own) => ({ better: null, format: 'plain', ...column }));

/** Heads of keys and metrics that are shorter than their names. */
const shortLabels: Readonly<Record<string, string>> = { beta: 'β', learning_rate: 'rate', eval_loss: 'eval loss' };

/** The columns that a table shows first. */
export const usualColumns: readonly string[] = [
  'state',
  'beta',
  'learning_rate',
  'loss',
  'eval_loss',
  'margin',
  'accuracy',
  'chosen_change',
];

const shares = /\/accuracies(_per_token)?$/;

/** All columns that some runs can have: the own ones, the keys of the config, and every metric that a run logs. */
export function columnsOf(runs: readonly ComparedRun[]): readonly RunColumn[] {
  const columns = new Map(own.map((column) => [column.id, column]));
  for (const { name, text: title } of keys)
    columns.set(name, {
      id: name,
      label: labelOf(name),
      title: `${name}. ${title}`,
      better: null,
      format: 'plain',
      value: ({ settings }) => asValue(settings[name]),
    });
  for (const { metrics } of runs)
    for (const name of Object.keys(metrics.last)) if (!columns.has(name)) columns.set(name, metricColumn(name));
  return [...columns.values()];
}

function metricColumn(name: string): RunColumn {
  const isShare = shares.test(name);
  const title = name.startsWith('eval_') ? `${name} at the last evaluation` : `${name} at the last logged step`;
  const better = /(^|_)loss$/.test(name) ? 'low' : isShare || name.endsWith('/margins') ? 'high' : null;
  return { id: name, label: labelOf(name), title, better, format: isShare ? 'share' : 'plain', value: last(name) };
}

const labelOf = (name: string): string => shortLabels[name] ?? name;

function progress({ status, state, program }: ComparedRun): RunValue {
  if (program !== null) return program;
  if (state === null || state.steps === 0 || status === 'done') return status;
  return `${status} ${Math.floor((100 * state.step) / state.steps)} %`;
}

/** A reward is β·(log π − log π_ref), so it holds the change since the reference, whatever the first point was. */
function chosenChange({ settings: { trainer, beta }, metrics: { first, last: now } }: ComparedRun): RunValue {
  if (trainer === 'cpo' || trainer === 'orpo') return changeOf(first, now, 'logps/chosen');
  const reward = now['eval_rewards/chosen'] ?? now['rewards/chosen'];
  return reward === undefined || typeof beta !== 'number' || beta === 0 ? null : reward / beta;
}

function changeOf(first: Metrics, now: Metrics, name: string): number | null {
  const [start, end] = [first[name], now[name]];
  return start === undefined || end === undefined ? null : end - start;
}

function valueOf(metrics: Metrics, name: string): RunValue {
  const value = metrics[name];
  return value === undefined ? null : value;
}

const text = (value: string): RunValue => (value === '' ? null : value);

/** The value of a key as a number or a text. */
export function asValue(value: unknown): RunValue {
  if (typeof value === 'number') return value;
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
    ? value.join(', ')
    : JSON.stringify(value);
}

/** Runs by the values of a column; those without one are last, and equal ones keep their order. */
export function sortRuns(runs: readonly ComparedRun[], { value }: RunColumn, descending: boolean): ComparedRun[] {
  return runs.toSorted((a, b) => compareValues(value(a), value(b), descending));
}

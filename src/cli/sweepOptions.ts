import { keys } from '../run/keys/keys';
import type { Key } from '../run/keys/key';
import type { SweepAxis } from '../run/sweep/types';
import { UsageError } from './args';
import { refuseName } from '../run/trainConfig';

/** Keys of which a sweep would compare models that were measured differently, or that it sets itself. */
const refused: ReadonlySet<string> = new Set(['output_dir', 'run_name', 'eval_file', 'test_split_size', 'eval_steps']);
/** A range that spans this factor or more is on a logarithmic scale unless it says otherwise. */
const logFactor = 5;

/** An axis from `--grid KEY=VALUE,VALUE`. Values are JSON, or words. */
function gridAxis(text: string): SweepAxis {
  const { key, rest } = parts(text, '--grid', 'beta=0.05,0.1');
  const values = rest.split(',').map(valueOf);
  if (values.length < 2) throw new UsageError(`--grid ${text}: give two values or more, separated by commas`);
  return { key: key.name, values };
}

/** An axis from `--range KEY=LOW..HIGH`, with `:log` or `:linear` after it. */
function rangeAxis(text: string): SweepAxis {
  const { key, rest } = parts(text, '--range', 'learning_rate=1e-5..1e-3');
  const [, low = '', high = '', scale] = /^([^.:]+(?:\.\d[^.:]*)?)\.\.([^:]+)(?::(log|linear))?$/.exec(rest) ?? [];
  const [from, to] = [Number(low), Number(high)];
  if (low.trim() === '' || high.trim() === '' || !Number.isFinite(from) || !Number.isFinite(to) || from >= to)
    throw new UsageError(`--range ${text}: write KEY=LOW..HIGH with LOW below HIGH, and :log or :linear if you like`);
  if (key.type.kind !== 'number') throw new UsageError(`--range ${text}: ${key.name} is no number; use --grid`);
  if (scale === 'log' && from <= 0) throw new UsageError(`--range ${text}: a logarithmic range begins above 0`);
  const isLog = scale === 'log' || (scale === undefined && from > 0 && to / from >= logFactor);
  return { key: key.name, from, to, scale: isLog ? 'log' : 'linear', integer: key.type.integer === true };
}

function parts(text: string, option: string, example: string): { readonly key: Key; readonly rest: string } {
  const equals = text.indexOf('=');
  if (equals < 1) throw new UsageError(`${option} ${text}: write it as ${option} ${example}`);
  const name = text.slice(0, equals).replaceAll('-', '_');
  const key = keys.find((one) => one.name === name);
  if (key === undefined) throw new UsageError(`${option} ${text}: ${refuseName(name) ?? name}`);
  if (refused.has(name)) throw new UsageError(`${option} ${text}: trials must share ${name}`);
  return { key, rest: text.slice(equals + 1) };
}

function valueOf(text: string): unknown {
  if (text.trim() === '') throw new UsageError('a value of --grid is empty');
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // A word such as `sigmoid` needs no quotes on the command line.
    return text;
  }
}

/** Axes of a sweep. @throws UsageError if a key has two */
export function axesOf(grid: readonly string[], ranges: readonly string[]): SweepAxis[] {
  const axes = [...grid.map(gridAxis), ...ranges.map(rangeAxis)];
  const twice = axes.find(({ key }, i) => axes.findIndex((other) => other.key === key) !== i);
  if (twice) throw new UsageError(`${twice.key} is given twice`);
  return axes;
}

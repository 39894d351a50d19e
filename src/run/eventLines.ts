import { parseJsonObject } from '../base/node/smallFile';
import { isRecord } from '../base/pure/isRecord';
import type { RunEvent } from './types';

/** A run logs some forty metrics; views keep a column for each. */
const maxMetrics = 1000;
/** JSON has no NaN or Infinity, and a diverged run must show: they are written as these strings. */
const nonFinite: Readonly<Record<string, number>> = { NaN, Infinity, '-Infinity': -Infinity };

/** An event as JSON, without a line end. */
export function eventLine(event: RunEvent): string {
  return JSON.stringify(event, writeNumber);
}

/** The event of a line, or null where the line is none. */
export function parseEvent(line: string): RunEvent | null {
  try {
    const value = parseJsonObject(line, 'events.jsonl');
    const event = isRecord(value['metrics']) ? { ...value, metrics: readNumbers(value['metrics']) } : value;
    return isEvent(event) ? event : null;
  } catch {
    // A torn line is expected after kill -9; what it would have said is recorded again by the resumed run.
    return null;
  }
}

function isEvent(value: Readonly<Record<string, unknown>>): value is Readonly<Record<string, unknown>> & RunEvent {
  const { t, step, kind } = value;
  if (!Number.isFinite(t) || !Number.isSafeInteger(step)) return false;
  const isText = (...names: readonly string[]): boolean => names.every((name) => typeof value[name] === 'string');
  switch (kind) {
    case 'train':
    case 'eval':
      return isRecord(value['metrics']) && Object.keys(value['metrics']).length <= maxMetrics;
    case 'checkpoint':
    case 'rewards':
      return isText('path');
    case 'sample':
      return isText('prompt', 'before', 'after');
    case 'note':
      return isText('message');
    case 'error':
      return isText('code', 'message');
    default:
      return false;
  }
}

function writeNumber(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

function readNumbers(metrics: Readonly<Record<string, unknown>>): Readonly<Record<string, number>> {
  const number = (metric: unknown): number =>
    typeof metric === 'number' ? metric : (nonFinite[String(metric)] ?? NaN);
  return Object.fromEntries(Object.entries(metrics).map(([name, metric]) => [name, number(metric)]));
}

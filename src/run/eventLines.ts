import { parseJsonObject } from '../base/node/smallFile';
import { isRecord } from '../base/pure/isRecord';
import type { RunEvent } from './types';

/** A run logs about forty metrics. Views keep a column for each, so a file with very many is refused. */
const maxMetrics = 1000;
/** JSON has no NaN and no Infinity, but a diverged run must show them: they are written as these strings. */
const nonFinite: Readonly<Record<string, number>> = { NaN, Infinity, '-Infinity': -Infinity };

/** The line of an event, without its line end. */
export function eventLine(event: RunEvent): string {
  return JSON.stringify(event, writeNumber);
}

/** The event of a line, or null if the line holds none. */
export function parseEvent(line: string): RunEvent | null {
  try {
    const value = parseJsonObject(line, 'events.jsonl');
    const event = isRecord(value['metrics']) ? { ...value, metrics: readNumbers(value['metrics']) } : value;
    return isEvent(event) ? event : null;
  } catch {
    // A kill -9 may cut a line off. The resumed run writes its event again.
    return null;
  }
}

/** Events of some lines, in their order, and the number of lines that hold no event. Empty lines do not count. */
export function parseEvents(text: string): { readonly events: readonly RunEvent[]; readonly damaged: number } {
  const lines = text.split('\n').filter((line) => line !== '');
  const events = lines.map(parseEvent).filter((event) => event !== null);
  return { events, damaged: lines.length - events.length };
}

/** A sentence about lines of events.jsonl that hold no event, and what follows from it. */
export function damagedLines(path: string, count: number): string {
  const lines = count === 1 ? '1 damaged line' : `${count} damaged lines`;
  return `${path} has ${lines}. Margin skips ${count === 1 ? 'it' : 'them'}, so the curves and samples may have gaps.`;
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
      return isText('prompt', 'before', 'after') && isRewards(value['rewards']);
    case 'note':
      return isText('message');
    case 'error':
      return isText('code', 'message');
    default:
      return false;
  }
}

/** Rewards of samples, which older runs do not have. */
function isRewards(value: unknown): boolean {
  return (
    value === undefined || (isRecord(value) && Number.isFinite(value['before']) && Number.isFinite(value['after']))
  );
}

function writeNumber(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

function readNumbers(metrics: Readonly<Record<string, unknown>>): Readonly<Record<string, number>> {
  const number = (metric: unknown): number =>
    typeof metric === 'number' ? metric : (nonFinite[String(metric)] ?? NaN);
  return Object.fromEntries(Object.entries(metrics).map(([name, metric]) => [name, number(metric)]));
}

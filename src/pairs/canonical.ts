import { isRecord } from '../base/pure/isRecord';
import type { Message, Pair } from './pair';

/**
 * The text whose hash names a pair: its style, messages with all their fields, and tools, with object keys sorted, so
 * that the same content has the same text whatever shape, key order or spacing its line has.
 */
export function canonicalText(pair: Pair): string {
  const sides: (readonly Message[])[] = [pair.prompt, pair.chosen, pair.rejected];
  return JSON.stringify(sorted([pair.style, ...sides, pair.tools ?? null]));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  const entries = Object.keys(value)
    .sort()
    .map((key) => [key, sorted(value[key])]);
  return Object.fromEntries(entries);
}

import { isRecord } from '../base/pure/isRecord';
import type { Message, Pair } from './pair';

/**
 * The text whose hash identifies a pair: JSON of its style, its messages with all their fields, and its tools, with
 * object keys sorted. Two lines with the same content give the same text, whatever their format, key order or spacing.
 *
 * A plain pair "Hi" / "Hello!" / "No." gives
 * `["plain",[{"content":"Hi","role":"user"}],[{"content":"Hello!","role":"assistant"}],[…],null]`.
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

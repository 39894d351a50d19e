import { isRecord } from '../base/pure/isRecord';
import type { Pair } from './pair';

/**
 * The text whose hash identifies a pair: JSON of its style, its messages with all their fields, and its tools, with
 * object keys sorted. Two lines with the same content give the same text, whatever their format, key order or spacing.
 *
 * A plain pair "Hi" / "Hello!" / "No." gives
 * `["plain",[{"content":"Hi","role":"user"}],[{"content":"Hello!","role":"assistant"}],[…],null]`.
 */
export function canonicalText(pair: Pair): string {
  return canonicalTexts(pair).own;
}

/**
 * The {@link canonicalText} of a pair, and that of the pair with its answers exchanged; one call is quicker than two.
 */
export function canonicalTexts(pair: Pair): { readonly own: string; readonly exchanged: string } {
  const text = (part: unknown): string => JSON.stringify(sorted(part));
  const [chosen, rejected] = [text(pair.chosen), text(pair.rejected)];
  const [start, end] = [`[${text(pair.style)},${text(pair.prompt)}`, `${text(pair.tools ?? null)}]`];
  return { own: [start, chosen, rejected, end].join(','), exchanged: [start, rejected, chosen, end].join(',') };
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  const entries = Object.keys(value)
    .sort()
    .map((key) => [key, sorted(value[key])]);
  return Object.fromEntries(entries);
}

import { explicitConversational } from './formats/explicitConversational';
import type { Message, Pair } from './pair';
import { readPair } from './readPair';
import type { Reading } from './reading';
import { newLine } from './writeLine';

export interface AppendedLine {
  readonly line: string;
  /** The label of the format in which the line is written. */
  readonly format: string;
}

/**
 * The line of a new pair for the end of a file, in the shape and the style of the row before it. Where that shape
 * cannot hold all turns of the pair, and after a row that is not a pair, it is TRL's conversational shape with an
 * explicit prompt.
 *
 * @param neighbour the line before it; null in an empty file
 */
export function appendedLine(pair: Pair, neighbour: string | null, reading: Reading): AppendedLine {
  const before = neighbour ?? '{}';
  const result = readPair(before, reading);
  if (result.kind === 'pair') {
    const { format, value } = result;
    const line = newLine(format.write(format.blank(value), pair), before);
    if (holds(line, pair, reading)) return { line, format: format.label };
  }
  const value = explicitConversational.write(explicitConversational.blank({}), pair);
  return { line: newLine(value, before), format: explicitConversational.label };
}

/** Whether a line is read as this pair. */
function holds(line: string, { prompt, chosen, rejected }: Pair, reading: Reading): boolean {
  const result = readPair(line, reading);
  if (result.kind !== 'pair') return false;
  const { pair } = result;
  return same(pair.prompt, prompt) && same(pair.chosen, chosen) && same(pair.rejected, rejected);
}

function same(a: readonly Message[], b: readonly Message[]): boolean {
  return a.length === b.length && a.every(({ role, content }, i) => role === b[i]?.role && content === b[i]?.content);
}

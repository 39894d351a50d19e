import { createInterface } from 'node:readline';
import type { Output } from './output';

/**
 * The lines of stdin until `signal` aborts. Blank lines are skipped. On a terminal, a prompt sign asks for each line.
 */
export async function* readTurns(
  input: NodeJS.ReadStream,
  output: Output,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const typed = input.isTTY === true;
  const lines = createInterface({ input, crlfDelay: Infinity, signal });
  try {
    if (typed) output.ask();
    for await (const line of lines) {
      if (line.trim() !== '') yield line;
      if (typed) output.ask();
    }
  } finally {
    lines.close();
  }
}

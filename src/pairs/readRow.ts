import { problem } from './problem';
import type { Reading } from './reading';
import { type PairResult, readPair } from './readPair';

/**
 * Most characters of a line that the editor parses. Parsing blocks the host's only thread: 4 million characters took
 * 0.2 s on a slow core, 60 million took 3 s. Real rows have thousands.
 */
const maxRead = 4_000_000;

/** {@link readPair} in bounded time: a longer line is not parsed, and gets a problem that says so. */
export function readRow(line: string, reading: Reading): PairResult {
  if (line.length <= maxRead) return readPair(line, reading);
  const millions = Math.round(line.length / 1e6);
  const message = `The line has ${millions} million characters, too many for the editor. Use margin check to read it.`;
  const problems = [problem('info', 'not-looked-at', null, message)];
  return { kind: 'not-a-pair', reason: message, value: null, problems };
}

import { problem } from '../../pairs/problem';
import { type PairResult, readPair } from '../../pairs/readPair';

/**
 * Characters of a line that the editor reads. Parsing takes the host's only thread: 4 million took 0.2 s on a slow
 * core, 60 million 3 s. Real rows have thousands.
 */
const maxRead = 4_000_000;

/** {@link readPair} in bounded time. Of a longer line nothing is claimed but that. */
export function readRow(line: string): PairResult {
  if (line.length <= maxRead) return readPair(line);
  const millions = Math.round(line.length / 1e6);
  const message = `The line has ${millions} million characters, too many to be looked at here: margin check reads it.`;
  const problems = [problem('info', 'not-looked-at', null, message)];
  return { kind: 'not-a-pair', reason: message, value: null, problems };
}

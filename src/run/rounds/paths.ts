import { join } from 'node:path';
import { MarginError } from '../../base/pure/marginError';
import { isSafeName } from '../../base/pure/safeName';

/** The paths of a folder of rounds. `round` is 0 for the base. */
export const roundPaths = {
  /** The folder of all rounds that began in a folder. */
  all: (folder: string): string => join(folder, '.margin', 'rounds'),
  record: (folder: string): string => join(folder, 'rounds.json'),
  round: (folder: string, round: number): string => join(folder, `round-${round}`),
  drafts: (folder: string, round: number): string => join(folder, `round-${round}`, 'drafts.jsonl'),
  judgements: (folder: string, round: number): string => join(folder, `round-${round}`, 'judgements.jsonl'),
  pairs: (folder: string, round: number): string => join(folder, `round-${round}`, 'pairs.jsonl'),
  heldOut: (folder: string, round: number): string => join(folder, `round-${round}`, 'held-out.jsonl'),
};

/** The longest name of a line of rounds, in characters. */
const maxName = 60;

/**
 * The folder of the rounds with a name.
 *
 * @param all see {@link roundPaths}
 * @throws MarginError `bad-name` if the name could lead out of the folder, or not every system allows it
 */
export function roundsFolder(all: string, name: string): string {
  if (isSafeName(name) && [...name].length <= maxName) return join(all, name);
  const message = `${JSON.stringify(name)} cannot name a line of rounds: use at most ${maxName} letters, digits, dots, dashes and underscores, begin with a letter or digit, and take no name of a Windows device.`;
  throw new MarginError('bad-name', message, { name });
}

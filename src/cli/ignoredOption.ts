import { relative } from 'node:path';
import { ignoredOfFile } from '../jsonl/node/marks/ignoredIn';
import type { Reading } from '../pairs/reading';
import type { Surroundings } from './command';
import { visibleLine } from './visible';

/**
 * How a file is read and checked, with the rules that its marks file ignores in single rows. Says which lines of the
 * marks file cannot be read.
 *
 * @throws MarginError if the marks file cannot be read
 */
export async function withIgnored(
  file: string,
  reading: Reading,
  { output, cwd }: Pick<Surroundings, 'output' | 'cwd'>,
): Promise<Reading> {
  const { rules, marksFile, damaged } = await ignoredOfFile(file);
  const name = relative(cwd, marksFile);
  for (const { line, fault } of damaged) output.say(visibleLine(`${name}:${line}: ${fault}`));
  return { ...reading, ignored: rules };
}

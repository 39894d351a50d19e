import { relative } from 'node:path';
import { MarginError } from '../base/pure/marginError';
import { type Mended, mendFile } from '../jsonl/node/mendFile';
import type { Reading } from '../pairs/reading';
import { type Arguments, flag } from './args';
import type { Surroundings } from './command';
import { interruption } from './interruption';
import { Progress } from './progress';
import { namedRules } from './ruleOptions';

/** The options of {@link fixFiles}. */
export const fixOptions = { fix: 'flag', dry_run: 'flag' } as const;

/** Their help. */
export const fixHelp = `  --fix             First mends what can be mended without doubt: white space around answers, control characters, NaN,
                    names of roles, labels that are not true or false. With --rule ID it mends only this rule, also if
                    that may change what a person meant (mojibake, secret, repeated-prompt, invented-turn,
                    truncated-answer). The file appears complete or not at all; if git does not have its content, it is
                    copied to NAME.before-fix.EXT first. Marks of pairs are carried along.
  --dry_run         With --fix: only counts what would be mended.`;

/**
 * Mends the rows of files as `--fix` asks for, and says what was mended; with `--json` as one object per file.
 *
 * @param files absolute paths
 * @throws MarginError as {@link mendFile}, `interrupted`
 */
export async function fixFiles(
  files: readonly string[],
  reading: Reading,
  args: Arguments,
  { output, cwd }: Surroundings,
  isForPeople: boolean,
): Promise<void> {
  const [dryRun, named] = [flag(args, 'dry_run'), new Set(namedRules(args))];
  const progress = new Progress(output);
  const { signal } = interruption();
  for (const file of files) {
    try {
      const onProgress = (rows: number): void => progress.update(`${rows.toLocaleString('en')} rows looked at`);
      const wants = ({ rule, isSafe }: { rule: string; isSafe: boolean }): boolean =>
        named.size === 0 ? isSafe : named.has(rule);
      const mended = await mendFile(file, { reading, wants, dryRun, signal, onProgress });
      progress.end();
      if (isForPeople) output.say(`${relative(cwd, file)}: ${sentence(mended, dryRun, cwd)}`);
      else if (flag(args, 'json')) output.json({ file, ...mended, dry_run: dryRun });
    } catch (error) {
      progress.end();
      if (signal.aborted) throw new MarginError('interrupted', `Stopped; ${file} was not changed.`);
      throw error;
    }
  }
}

function sentence({ rows, fixed, copy }: Mended, dryRun: boolean, cwd: string): string {
  if (rows === 0) return 'nothing to mend';
  const rules = Object.entries(fixed).map(([rule, count]) => `${rule} in ${count.toLocaleString('en')}`);
  const changed = `${rows.toLocaleString('en')} ${rows === 1 ? 'row' : 'rows'}`;
  const kept = copy === null ? '' : `; the file before is ${relative(cwd, copy)}`;
  return dryRun ? `${changed} would be mended: ${rules.join(', ')}` : `mended ${changed}: ${rules.join(', ')}${kept}`;
}

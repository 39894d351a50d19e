import { join, resolve } from 'node:path';
import { MarginError } from '../base/pure/marginError';
import { at } from '../base/pure/must';
import { copyRows } from '../jsonl/node/copyRows';
import { findDuplicates, type FoundDuplicates } from '../jsonl/node/duplicates/findDuplicates';
import { type DuplicateGroup, groupsOf, redundantRows } from '../pairs/duplicates/groups';
import { repeatedParts } from '../pairs/duplicates/rowPrint';
import { type Arguments, choice, flag, number, type OptionKind, parseArguments, text, UsageError } from './args';
import { columnsHelp, readingOption } from './columnsOption';
import type { Command, Surroundings } from './command';
import { duplicatesText, ProgressTeller } from './progressTeller';
import { DuplicateReport } from './duplicateReport';
import { interruption } from './interruption';
import { pairRuleOptions } from './pairRuleOptions';

const optionKinds: Readonly<Record<string, OptionKind>> = {
  help: 'flag',
  json: 'flag',
  threshold: 'value',
  of: 'value',
  across: 'flag',
  keep: 'value',
  out: 'value',
  strict: 'flag',
  columns: 'value',
  data_format: 'value',
  ...pairRuleOptions,
};

export const duplicates: Command = {
  summary: 'find duplicates and near duplicates in and between files',
  help: `margin duplicates FILE… [--threshold N] [--of PART] [--across] [--keep first --out FILE]

Finds rows that repeat others, in one file or in several: a training file against an evaluation file, say. Prints each
group of duplicates, with the row of it that each row is most like.

  exact       The texts are the same.
  normalised  The words are the same: case, white space, punctuation and Unicode’s compatible forms (NFKC) do not count.
  near        The Jaccard similarity of their shingles is at least the threshold. A shingle is two words that follow
              each other; two characters in Chinese and Japanese; five letters in scripts without spaces, such as
              Thai.

Of whole pairs it also prints the answers that rows disagree about: contradictions (the same prompt and answers, with
different ones preferred), and answers that are chosen in one row and rejected in another with the same prompt.

  --threshold N     The least similarity of near duplicates, over 0 to 1; default 0.8. 1 finds no near ones.
  --of PART         What is compared: pair (default: the prompt and all answers), prompt, chosen or rejected.
  --across          Only groups with rows of more than one file.
  --keep first      Writes the rows of the last FILE to --out, without those that repeat a row before them, in that
                    file or in a FILE before it. A row goes only if a row that stays is its duplicate.
  --out FILE        The file to write, for --keep. Rows keep their bytes; those of Parquet and packed files become JSON
                    Lines.
${columnsHelp}
  --strict          Exit code 1 if there are duplicates.
  --json            Prints one JSON object per group: kind, similarity, rows, each with file, row, line,
                    redundant (a row before it stays and is its duplicate); kind, similarity and like for rows after the
                    first. Then one per disputed answer: kind (contradiction or
                    both-sides), better, worse. The last object counts: files, groups, duplicates, disputes, crowded,
                    written. Before the groups, {"progress"} now and then.

Exit code: 0 success; 1 failed, or duplicates with --strict; 2 wrong usage.`,

  async run(argv, surroundings) {
    const args = parseArguments(argv, optionKinds);
    const { cwd, output } = surroundings;
    const files = filesOf(args);
    const { signal } = interruption();
    const progress = new ProgressTeller(output, flag(args, 'json'), duplicatesText);
    try {
      const found = await findDuplicates({
        files: files.map((file) => resolve(cwd, file)),
        reading: await readingOption(args, null, surroundings),
        part: choice(args, 'of', repeatedParts),
        threshold: thresholdOf(args, 'threshold'),
        script: join(surroundings.programs, 'printThread.js'),
        signal,
        onProgress: progress.tell,
      });
      const groups = asked(groupsOf(found.links), found, args);
      const written = await write(found, files, args, cwd, signal);
      progress.end();
      await report(found, groups, files, written, args, surroundings);
      return flag(args, 'strict') && groups.length > 0 ? 1 : 0;
    } catch (error) {
      progress.end();
      if (signal.aborted) throw new MarginError('interrupted', 'Stopped; no file was written.');
      throw error;
    }
  },
};

/** The similarity of an option for near duplicates, 0.8 by default. */
export function thresholdOf(args: Arguments, name: string): number {
  return number(args, name, 0.8, { min: 0.05, max: 1 });
}

function filesOf(args: Arguments): readonly string[] {
  const files = args.positionals;
  if (files.length === 0) throw new UsageError('FILE is missing');
  if (flag(args, 'across') && files.length === 1) throw new UsageError('--across needs more than one FILE');
  const [keep, out] = [text(args, 'keep'), text(args, 'out')];
  if (keep !== null && keep !== 'first') throw new UsageError(`--keep must be first, not ${keep}`);
  if ((keep === null) !== (out === null)) throw new UsageError('--keep first and --out FILE go together');
  if (keep !== null && flag(args, 'across')) throw new UsageError('--keep removes all duplicates: leave out --across');
  return files;
}

function asked(groups: readonly DuplicateGroup[], found: FoundDuplicates, args: Arguments): readonly DuplicateGroup[] {
  if (!flag(args, 'across')) return groups;
  return groups.filter(({ rows }) => new Set(rows.map(({ row }) => found.placeOf(row).file)).size > 1);
}

interface Written {
  readonly file: string;
  readonly kept: number;
  readonly left: number;
}

async function write(
  found: FoundDuplicates,
  files: readonly string[],
  args: Arguments,
  cwd: string,
  signal: AbortSignal,
): Promise<Written | null> {
  const out = text(args, 'out');
  if (out === null) return null;
  const inputs = files.map((file) => resolve(cwd, file));
  const [start, end] = [at(found.starts, files.length - 1), at(found.starts, files.length)];
  const goes = redundantRows(found.links).subarray(start, end);
  const file = resolve(cwd, out);
  await copyRows(at(inputs, files.length - 1), file, (row) => goes[row] === 0, { rows: end - start, inputs, signal });
  const left = goes.reduce((sum, one) => sum + one, 0);
  return { file: out, kept: at(found.counts, files.length - 1).rows - left, left };
}

async function report(
  found: FoundDuplicates,
  groups: readonly DuplicateGroup[],
  files: readonly string[],
  written: Written | null,
  args: Arguments,
  { output }: Surroundings,
): Promise<void> {
  const json = flag(args, 'json');
  const printer = new DuplicateReport(found, redundantRows(found.links), files, output, json);
  const disputes = flag(args, 'across') ? [] : found.disputes;
  printer.groups(groups);
  printer.disputes(disputes);
  await output.drain();
  const rows = groups.reduce((sum, group) => sum + group.rows.length, 0);
  const count = { groups: groups.length, duplicates: rows - groups.length, disputes: disputes.length };
  if (json) {
    const counts = found.counts.map((one, i) => ({ file: files[i], ...one }));
    output.json({ files: counts, ...count, crowded: found.crowded, written });
    return;
  }
  for (const line of summary(found, count, files, written)) output.say(line);
}

function summary(
  { counts, crowded }: FoundDuplicates,
  { groups, duplicates: more, disputes }: { groups: number; duplicates: number; disputes: number },
  files: readonly string[],
  written: Written | null,
): string[] {
  const compared = counts.reduce((sum, one) => sum + one.compared, 0);
  return [
    ...counts.flatMap(({ leftOut }, i) =>
      leftOut === 0
        ? []
        : [
            `${files[i]}: ${counted(leftOut, 'row')} without what is compared ${leftOut === 1 ? 'is' : 'are'} left out; margin check says why`,
          ],
    ),
    ...(crowded === 0
      ? []
      : [
          `${counted(crowded, 'row')} share much text with very many others, and were compared with some of these only`,
        ]),
    `${counted(compared, 'row')} compared: ${groups === 0 ? 'no duplicates' : `${counted(more, 'duplicate')} in ${counted(groups, 'group')}`}${disputes === 0 ? '' : `, ${counted(disputes, 'disputed answer')}`}`,
    ...(written === null
      ? []
      : [`${written.file}: ${counted(written.kept, 'row')} written, ${counted(written.left, 'duplicate')} left out`]),
  ];
}

function counted(count: number, word: string): string {
  return `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`;
}

import { resolve } from 'node:path';
import { MarginError } from '../base/pure/marginError';
import { Adjudications } from '../jsonl/node/agreement/adjudications';
import { MarkReviewers } from '../jsonl/node/agreement/markReviewers';
import { readModelVerdicts } from '../jsonl/node/agreement/modelVerdicts';
import { readRatings } from '../jsonl/node/agreement/readRatings';
import { agreementOf } from '../pairs/agreement/agreement';
import type { RatingTable } from '../pairs/agreement/ratingTable';
import type { ReviewerWork } from '../pairs/agreement/reviewerWork';
import { marksName } from '../pairs/marks/marksName';
import { isPath } from '../pairs/own/keyPath';
import { agreementText, ratedLine, workLine } from './agreementReport';
import {
  type Arguments,
  flag,
  number,
  onePositional,
  type OptionKind,
  parseArguments,
  UsageError,
  texts,
} from './args';
import { readingOption } from './columnsOption';
import type { Command, Surroundings } from './command';
import { interruption } from './interruption';
import type { Output } from './output';
import { pairRuleHelp, pairRuleOptions } from './pairRuleOptions';
import { rewardsFile } from './rewardsOption';
import { ProgressTeller, rowsText } from './progressTeller';

const optionKinds: Readonly<Record<string, OptionKind>> = {
  help: 'flag',
  json: 'flag',
  marks: 'files',
  columns: 'values',
  rewards: 'files',
  list: 'flag',
  agreed: 'flag',
  seed: 'value',
  resamples: 'value',
  data_format: 'value',
  data_columns: 'value',
  ...pairRuleOptions,
};

export const agreement: Command = {
  summary: 'measure how far annotators agree',
  help: `margin agreement FILE (--marks FILE… | --columns A,B,…) [--rewards RUN…] [--list [--agreed]]

Measures how far the annotators of a file agree: the share of equal labels, Cohen’s κ of each two of them,
Krippendorff’s α of all, and how often each two gave which labels. Labels that are numbers, and the verdicts swap, tie
and keep, have an order: for them also κ with linear and quadratic weights, and ordinal α. Missing labels are left out.
Intervals hold with 95 % (bootstrap over the rows). For each reviewer of marks files: the pace, and the share of blind
verdicts for the answer that was shown first. Marks that adjudicate a disagreement are no labels of their own.

  --columns A,B,…   Key paths of columns, one for each annotator: labels.anna, or annotations.0.verdict. A column holds
                    a text, a number, true or false; or an object with these, one for each dimension.
  --marks FILE…     Marks files (NAME.marks.jsonl); each reviewer in them is an annotator. The dimensions are the
                    verdict and those that the marks have.
  --rewards RUN…    A model is one more annotator: it keeps a pair whose margin is positive, and swaps it if it is
                    negative. RUN is a run folder, its name in .margin/runs, or a file of rewards, as margin score --out
                    writes it.
  --list            Also prints the rows on which they disagree, with the decision of somebody who adjudicated them.
  --agreed          With --list: the rows on which they agree, too.
  --seed N          For the intervals; default 42.
  --resamples N     For the intervals; default 1000, 0 for none.
  --data_columns MAP  Which key of the rows holds what, as --columns of other commands.
  --data_format ID  The format of all rows, if the detected one is wrong; margin formats --json lists the ids.
${pairRuleHelp}
  --json            Prints one JSON object per dimension: dimension, annotators, labels, items, compared, disputed,
                    alpha, pairs (each annotators, items, raw, kappa, linear, quadratic, confusion). Then one per
                    reviewer: annotator, verdicts, bias, pace (seconds a pair). With --list, then one per row and
                    dimension: file, row, line, key, prompt, adjudicated, dimension, labels. While it reads: progress;
                    note for a line of a marks file that holds no mark.

Exit code: 0 success; 1 failed, or nothing to compare; 2 wrong usage.`,

  async run(argv, surroundings) {
    const args = parseArguments(argv, optionKinds);
    const { cwd, output } = surroundings;
    const given = onePositional(args, 'FILE');
    const columns = columnsOf(args);
    const { signal } = interruption();
    const progress = new ProgressTeller(output, flag(args, 'json'), rowsText);
    try {
      const paths = texts(args, 'marks').map((one) => resolve(cwd, one));
      const marks = paths.length === 0 ? null : await MarkReviewers.read(paths);
      for (const note of marks ? marks.notes : []) tellNote(note, args, output);
      const models = [];
      for (const run of texts(args, 'rewards')) models.push(await readModelVerdicts(await rewardsFile(run, cwd)));
      const table = await readRatings({
        file: resolve(cwd, given),
        reading: await readingOption({ ...args, options: dataColumns(args) }, null, surroundings),
        columns,
        marks,
        models,
        adjudications: await Adjudications.read([...paths, marksName(resolve(cwd, given))]),
        signal,
        onProgress: (rows) => progress.tell({ rows }),
      });
      progress.end();
      await report(table, marks?.work ?? [], given, args, surroundings);
      return 0;
    } catch (error) {
      progress.end();
      if (signal.aborted) throw new MarginError('interrupted', 'Stopped.');
      throw error;
    }
  },
};

function columnsOf(args: Arguments): readonly string[] {
  const [columns, marks] = [texts(args, 'columns'), texts(args, 'marks')];
  if (columns.length > 0 && marks.length > 0) throw new UsageError('--columns and --marks exclude each other');
  if (columns.length + marks.length === 0) throw new UsageError('give --marks FILE… or --columns A,B,…');
  const wrong = columns.find((column) => !isPath(column));
  if (wrong !== undefined) throw new UsageError(`--columns: ${JSON.stringify(wrong)} is not a key path, such as a.b`);
  if (flag(args, 'agreed') && !flag(args, 'list')) throw new UsageError('--agreed needs --list');
  if (columns.length === 1 && texts(args, 'rewards').length === 0)
    throw new UsageError('--columns needs two annotators');
  return columns;
}

/** Here, `--columns` are those of annotators, and `--data_columns` says how the rows are read. */
function dataColumns({ options }: Arguments): Arguments['options'] {
  const others = [...options].filter(([name]) => name !== 'columns');
  return new Map(others.map(([name, given]) => [name === 'data_columns' ? 'columns' : name, given]));
}

function tellNote(note: string, args: Arguments, output: Output): void {
  if (flag(args, 'json')) output.json({ note });
  else output.say(note);
}

async function report(
  table: RatingTable,
  work: readonly ReviewerWork[],
  file: string,
  args: Arguments,
  { output }: Surroundings,
): Promise<void> {
  const seed = number(args, 'seed', 42, { min: 0, integer: true });
  const resamples = number(args, 'resamples', 1000, { min: 0, max: 100_000, integer: true });
  let compared = 0;
  for (const dimension of table.dimensions) {
    const found = agreementOf(table.ratings(dimension), { seed, resamples });
    compared += found.compared;
    if (flag(args, 'json')) output.json({ dimension, ...found });
    else output.line(agreementText(dimension, found));
  }
  for (const one of work) {
    if (flag(args, 'json')) output.json(one);
    else output.line(workLine(one));
  }
  if (flag(args, 'list')) await list(table, file, args, output);
  if (compared > 0) return;
  const annotators = table.annotators.join(', ');
  const message = `${file} has no row with the labels of two annotators (${annotators || 'none'}). Check the names of the columns, or whether the marks are of this file.`;
  throw new MarginError('nothing-to-compare', message, { file });
}

async function list(table: RatingTable, file: string, args: Arguments, output: Output): Promise<void> {
  for (const dimension of table.dimensions)
    for (const one of table.rated(dimension, flag(args, 'agreed'))) {
      if (output.closed) return;
      if (flag(args, 'json')) output.json({ file, ...one });
      else output.line(ratedLine(file, one));
      await output.drain();
    }
}

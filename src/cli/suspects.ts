import { join, resolve } from 'node:path';
import { MarginError } from '../base/pure/marginError';
import { type CollectedRows, collectRows } from '../jsonl/node/suspects/collectRows';
import { saveSuspects } from '../jsonl/node/suspects/suspectsFile';
import { isPath } from '../pairs/own/keyPath';
import type { Reading } from '../pairs/reading';
import { findSuspects, type FoundSuspects } from '../pairs/suspects/findSuspects';
import type { SavedMeasurement } from '../pairs/suspects/savedSuspects';
import { leftOutSentences } from '../pairs/suspects/sentences';
import { markedMeasurements, readMeasured, rewardsOfRuns } from '../run/measuredRewards';
import {
  type Arguments,
  flag,
  number,
  onePositional,
  type OptionKind,
  parseArguments,
  text,
  texts,
  UsageError,
} from './args';
import { columnsHelp, readingOption } from './columnsOption';
import type { Command, Surroundings } from './command';
import { interruption } from './interruption';
import { pairRuleHelp, pairRuleOptions } from './pairRuleOptions';
import { ProgressTeller, rowsText } from './progressTeller';
import { type WithoutSuspects, writeWithoutFlipped } from './suspectOut';
import { suspectsText } from './suspectReport';
import { defaultEpochs, defaultRate, defaultRuns, trainMembers } from './suspectTraining';

const optionKinds: Readonly<Record<string, OptionKind>> = {
  help: 'flag',
  json: 'flag',
  run: 'files',
  model: 'value',
  runs: 'value',
  epochs: 'value',
  learning_rate: 'value',
  cross_fit: 'value',
  output_dir: 'value',
  dry_run: 'flag',
  by: 'values',
  out: 'value',
  save: 'flag',
  columns: 'value',
  data_format: 'value',
  ...pairRuleOptions,
};

const trainingOptions = ['runs', 'epochs', 'learning_rate', 'cross_fit', 'output_dir', 'dry_run'] as const;
/** The columns by which rates are told if nobody names others. */
const usualColumns = ['source', 'annotator', 'subset'] as const;

export const suspects: Command = {
  summary: 'find labels that are probably flipped, and ties',
  help: `margin suspects FILE --run RUN… [--by KEY,…]
margin suspects FILE --model DIR [--runs N] [--by KEY,…]

Says which labels are probably the wrong way round, by what trained models think of them. No rows need to be known as
clean. Each row gets a verdict (clean, flipped, or tie), the probability that its answers are the wrong way round, and
the reasons in words: margins below 0 over runs and steps, other rows with the same answers that prefer the other one,
scores that contradict the label. A row that most labels of its kind contradict may still be right: look before you
leave it out, and leave it out rather than swap it.

  --run RUN…        Run folders, names of runs in .margin/runs, or files of rewards (margin score --out). Each scored
                    step of each run is a measurement; two or three runs with other seeds are better than one.
  --model DIR       Trains short runs with other seeds first (LoRA on all linear layers), and says what they will
                    take. A run of the same model, rows and settings that is there already is used, or continued where
                    it was stopped: Ctrl+C keeps what is done.
  --runs N          How many runs, with the seeds 1 to N; default ${defaultRuns}.
  --epochs N        Their passes over the rows; default ${defaultEpochs}. More passes learn more, and learn wrong labels
                    by heart.
  --learning_rate R Their learning rate; default ${defaultRate}.
  --cross_fit K     Divides the rows into K parts by their prompts, and trains K times as many runs, each without one
                    part. Each row is then scored only by runs that did not train on it. Off by default.
  --output_dir DIR  Where their folders are; default .margin/runs.
  --dry_run         Only says what they would take.
  --by KEY,…        Key paths of columns: the rate of flipped labels is also told for each of their values with 20 rows
                    or more. Default: ${usualColumns.join(', ')}.
  --out FILE        Writes the rows to FILE without those whose verdict is flipped. The others keep their bytes.
  --save            Keeps the result in .margin/suspects beside FILE, where the editor shows it and filters find it.
${columnsHelp}
${pairRuleHelp}
  --json            Prints one JSON object per pair: row, line, key, verdict, probability (of being flipped), margin
                    (mean over measurements, in typical margins), reasons, spread, margins (of each measurement). The
                    last one has noise (rate, low, high: the share of flipped labels with its 95 % interval; rows,
                    flipped, ties, groups), measurements, and what was left out: unscored (count, lines), others (rows
                    without two answers), written (file, kept, left; null without --out), and saved (a file or null). Before them, {"progress"} now and then, and with --model {"price"}.

Exit code: 0 success; 1 failed, or too few scored rows; 2 wrong usage.`,

  async run(argv, surroundings) {
    const args = parseArguments(argv, optionKinds);
    const { cwd, output, programs } = surroundings;
    const file = resolve(cwd, onePositional(args, 'FILE'));
    const columns = columnsOf(args);
    const reading = await readingOption(args, file, surroundings);
    const named = await runsOf(args, file, reading, surroundings);
    if (named === null) return 0;
    const { signal } = interruption();
    const progress = new ProgressTeller(output, flag(args, 'json'), rowsText);
    try {
      const measurements = await rewardsOfRuns(named, cwd);
      const collected = await collectRows({
        file,
        reading,
        measured: await readMeasured(measurements),
        columns,
        script: join(programs, 'printThread.js'),
        signal,
        onProgress: (rows) => progress.tell({ rows }),
      });
      progress.end();
      const found = findSuspects(collected.rows, measurements, collected.contradictions, columns);
      const out = text(args, 'out');
      const written =
        out === null
          ? null
          : { file: out, ...(await writeWithoutFlipped(file, resolve(cwd, out), found.rows, collected.total, signal)) };
      const told = { found, collected, measurements: await markedMeasurements(measurements), written };
      const saved = flag(args, 'save') ? await saveSuspects(file, found.rows, summaryOf(told)) : null;
      await report({ ...told, saved }, args, surroundings);
      return 0;
    } catch (error) {
      progress.end();
      if (signal.aborted) throw new MarginError('interrupted', 'Stopped.');
      throw error;
    }
  },
};

/** The runs that the person named, or those that are trained now; null after a dry run. */
async function runsOf(
  args: Arguments,
  file: string,
  reading: Reading,
  surroundings: Surroundings,
): Promise<readonly string[] | null> {
  const [named, model] = [texts(args, 'run'), text(args, 'model')];
  const extra = trainingOptions.find((name) => args.options.has(name));
  if (model === null) {
    if (named.length === 0) throw new UsageError('give --run RUN…, or --model DIR to train some');
    if (extra !== undefined) throw new UsageError(`--${extra} is for --model`);
    return named;
  }
  if (named.length > 0) throw new UsageError('--run and --model exclude each other');
  const { cwd } = surroundings;
  const outputDir = text(args, 'output_dir');
  return trainMembers(
    {
      file,
      reading,
      model: resolve(cwd, model),
      runs: number(args, 'runs', defaultRuns, { min: 1, max: 10, integer: true }),
      epochs: number(args, 'epochs', defaultEpochs, { min: 0.01 }),
      learningRate: number(args, 'learning_rate', defaultRate, { min: Number.MIN_VALUE }),
      crossFit:
        text(args, 'cross_fit') === null ? null : number(args, 'cross_fit', 0, { min: 2, max: 20, integer: true }),
      outputDir: outputDir === null ? join(cwd, '.margin', 'runs') : resolve(cwd, outputDir),
      onlyPrice: flag(args, 'dry_run'),
      json: flag(args, 'json'),
    },
    surroundings,
  );
}

function columnsOf(args: Arguments): readonly string[] {
  if (!args.options.has('by')) return usualColumns;
  const columns = texts(args, 'by');
  const wrong = columns.find((column) => !isPath(column));
  if (wrong !== undefined)
    throw new UsageError(`--by: ${JSON.stringify(wrong)} is not a key path, such as meta.source`);
  return columns;
}

interface Told {
  readonly found: FoundSuspects;
  readonly collected: CollectedRows;
  readonly measurements: readonly SavedMeasurement[];
  readonly written: (WithoutSuspects & { readonly file: string }) | null;
}

async function report(
  { saved, ...told }: Told & { readonly saved: string | null },
  args: Arguments,
  { output }: Surroundings,
): Promise<void> {
  const { found, collected, written } = told;
  if (!flag(args, 'json')) {
    output.line(suspectsText(found));
    for (const sentence of leftOutSentences(collected.unscored, collected.others)) output.say(sentence);
    if (written) output.say(`${written.file}: ${written.kept} rows written, ${written.left} left out`);
    if (saved !== null) output.say(`Saved in ${saved}`);
    return;
  }
  for (const row of found.rows) {
    if (output.closed) return;
    output.json(row);
    await output.drain();
  }
  output.json({ ...summaryOf(told), saved });
}

function summaryOf({ found, collected: { unscored, others }, measurements, written }: Told) {
  return { noise: found.noise, measurements, unscored: { count: unscored.length, lines: unscored }, others, written };
}

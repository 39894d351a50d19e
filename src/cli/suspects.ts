import { join, resolve } from 'node:path';
import { MarginError } from '../base/pure/marginError';
import { isPath } from '../pairs/own/keyPath';
import { findSuspects, type FoundSuspects } from '../pairs/suspects/findSuspects';
import { type Arguments, flag, onePositional, type OptionKind, parseArguments, texts, UsageError } from './args';
import { columnsHelp, readingOption } from './columnsOption';
import type { Command, Surroundings } from './command';
import { interruption } from './interruption';
import { pairRuleHelp, pairRuleOptions } from './pairRuleOptions';
import { ProgressTeller, rowsText } from './progressTeller';
import { leftOutSentences, suspectsText } from './suspectReport';
import { type CollectedRows, collectRows } from './suspectRows';
import { readMeasured, type RewardsOfStep, rewardsOfRuns } from './suspectRuns';

const optionKinds: Readonly<Record<string, OptionKind>> = {
  help: 'flag',
  json: 'flag',
  run: 'files',
  by: 'values',
  columns: 'value',
  data_format: 'value',
  ...pairRuleOptions,
};

/** The columns by which rates are told if nobody names others. */
const usualColumns = ['source', 'annotator', 'subset'] as const;

export const suspects: Command = {
  summary: 'find labels that are probably flipped, and ties',
  help: `margin suspects FILE --run RUN… [--by KEY,…]

Says which labels are probably the wrong way round, by what trained models think of them. No rows need to be known as
clean. Each row gets a verdict (clean, flipped, or tie), the probability that its answers are the wrong way round, and
the reasons in words: margins below 0 over runs and steps, other rows with the same answers that prefer the other one,
scores that contradict the label. A row that most labels of its kind contradict may still be right: look before you
leave it out, and leave it out rather than swap it.

  --run RUN…        Run folders, names of runs in .margin/runs, or files of rewards (margin score --out). Each scored
                    step of each run is a measurement; two or three runs with other seeds are better than one.
  --by KEY,…        Key paths of columns: the rate of flipped labels is also told for each of their values with 20 rows
                    or more. Default: ${usualColumns.join(', ')}.
${columnsHelp}
${pairRuleHelp}
  --json            Prints one JSON object per pair: row, line, key, verdict, probability (of being flipped), margin
                    (mean over measurements, in typical margins), reasons. The last one has noise (rate, low, high: the
                    share of flipped labels with its 95 % interval; rows, flipped, ties, groups), measurements, and what
                    was left out: unscored (count, lines) and others (rows without two answers). Before them,
                    {"progress"} now and then.

Exit code: 0 success; 1 failed, or too few scored rows; 2 wrong usage.`,

  async run(argv, surroundings) {
    const args = parseArguments(argv, optionKinds);
    const { cwd, output, programs } = surroundings;
    const file = resolve(cwd, onePositional(args, 'FILE'));
    const columns = columnsOf(args);
    const reading = await readingOption(args, file, surroundings);
    const named = texts(args, 'run');
    if (named.length === 0) throw new UsageError('give --run RUN…');
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
      await report(found, collected, measurements, args, surroundings);
      return 0;
    } catch (error) {
      progress.end();
      if (signal.aborted) throw new MarginError('interrupted', 'Stopped.');
      throw error;
    }
  },
};

function columnsOf(args: Arguments): readonly string[] {
  if (!args.options.has('by')) return usualColumns;
  const columns = texts(args, 'by');
  const wrong = columns.find((column) => !isPath(column));
  if (wrong !== undefined)
    throw new UsageError(`--by: ${JSON.stringify(wrong)} is not a key path, such as meta.source`);
  return columns;
}

async function report(
  found: FoundSuspects,
  { unscored, others }: CollectedRows,
  measurements: readonly RewardsOfStep[],
  args: Arguments,
  { output }: Surroundings,
): Promise<void> {
  if (!flag(args, 'json')) {
    output.line(suspectsText(found));
    for (const sentence of leftOutSentences(unscored, others)) output.say(sentence);
    return;
  }
  for (const row of found.rows) {
    if (output.closed) return;
    output.json(row);
    await output.drain();
  }
  const told = measurements.map(({ run, step, file }) => ({ run, step, file }));
  output.json({
    noise: found.noise,
    measurements: told,
    unscored: { count: unscored.length, lines: unscored },
    others,
  });
}

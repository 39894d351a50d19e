import { join, resolve } from 'node:path';
import { MarginError } from '../base/pure/marginError';
import { saveCleaning } from '../jsonl/node/suspects/cleaningFile';
import { judgeCleaning } from '../pairs/cleaning/judgeCleaning';
import { flag, number, onePositional, type OptionKind, parseArguments, required, text, texts } from './args';
import { cleaningReport } from './cleaningReport';
import { type CleaningPlan, cleaningTrial } from './cleaningTrial';
import { columnsHelp, readingOption } from './columnsOption';
import type { Command, Surroundings } from './command';
import { interruption } from './interruption';
import { pairRuleHelp, pairRuleOptions } from './pairRuleOptions';
import { defaultRate } from './suspectTraining';

const optionKinds: Readonly<Record<string, OptionKind>> = {
  help: 'flag',
  json: 'flag',
  model: 'value',
  run: 'files',
  eval: 'value',
  eval_file: 'value',
  seeds: 'value',
  epochs: 'value',
  learning_rate: 'value',
  output_dir: 'value',
  dry_run: 'flag',
  columns: 'value',
  data_format: 'value',
  ...pairRuleOptions,
};

const defaultSeeds = 3;
/** As TRL. Wrong labels cost little in one pass, and more in several, which memorise them. */
const defaultEpochs = 3;
const defaultShare = 0.25;

export const cleaning: Command = {
  summary: 'measure whether it pays to leave suspected rows out',
  help: `margin cleaning FILE --model DIR [--seeds N]

Trains on all rows of FILE, without the rows that margin suspects calls flipped, and without as many rows drawn at
random. Each set of rows has the same seeds. Compares how often these models are right on held-out rows. A paired test
over seeds and held-out rows says whether cleaning pays, does not pay, or cannot be told. Short runs on the rows to
train on find the suspects, as in margin suspects, so nothing of the held-out rows gets into them. If less than 1 % of
the rows are suspected, cleaning does not pay, and nothing more is trained.

Rows that are left out keep their place in the batches with a weight of 0: all runs take the same steps, and train on
every other row at the same ones. The held-out rows have wrong labels too, which hides a part of any gain. So accuracy
is also shown on the clean ones among them. Two more runs on the held-out rows alone find these, so that no compared
model chooses the rows on which it is judged.

  --model DIR       The model to train (LoRA on all linear layers).
  --run RUN…        Finds suspects by these runs instead, if they have not seen the held-out rows.
  --eval SHARE      The share of the rows to hold out, by their prompts; default ${defaultShare}.
  --eval_file FILE  Holds out the rows of this file instead.
  --seeds N         How many runs on each set of rows, with the seeds 1 to N; default ${defaultSeeds}.
  --epochs N        The passes over the rows of the compared runs; default ${defaultEpochs}.
  --learning_rate R Their learning rate; default ${defaultRate}.
  --output_dir DIR  Where their folders are; default .margin/runs. A run that is there already is used, or continued
                    where it was stopped: Ctrl+C keeps what is done.
  --dry_run         Only says what the runs would take.
${columnsHelp}
${pairRuleHelp}
  --json            Prints {"price"} if runs are missing, and then the result as one JSON object: verdict, text, notes,
                    train, held, seeds, steps, arms, gains. The result is also saved in .margin/suspects beside FILE,
                    as NAME.cleaning.json, which the editor shows.

Exit code: 0 success; 1 failed; 2 wrong usage.`,

  async run(argv, surroundings) {
    const args = parseArguments(argv, optionKinds);
    const json = flag(args, 'json');
    const plan = await planOf(args, surroundings);
    const trial = await cleaningTrial(plan, surroundings).catch((error: unknown) => {
      if (!plan.signal.aborted) throw error;
      throw new MarginError(
        'interrupted',
        'Stopped. What is trained and scored is kept: run the same command again to continue.',
      );
    });
    if (trial === null) return 0;
    const result = judgeCleaning(trial);
    const saved = await saveCleaning(plan.file, result);
    if (json) surroundings.output.json(result);
    else surroundings.output.line(cleaningReport(result));
    surroundings.output.say(`Saved as ${saved}`);
    return 0;
  },
};

async function planOf(args: ReturnType<typeof parseArguments>, surroundings: Surroundings): Promise<CleaningPlan> {
  const { cwd, programs } = surroundings;
  const file = resolve(cwd, onePositional(args, 'FILE'));
  const path = (name: string): string | null => {
    const given = text(args, name);
    return given === null ? null : resolve(cwd, given);
  };
  const evalFile = path('eval_file');
  if (evalFile === file)
    throw new MarginError('held-out-leaks', `--eval_file ${evalFile} is FILE itself: its rows would not be held out.`);
  return {
    file,
    reading: await readingOption(args, file, surroundings),
    model: resolve(cwd, required(args, 'model')),
    runs: texts(args, 'run'),
    share: number(args, 'eval', defaultShare, { min: 0.01, max: 0.9 }),
    evalFile,
    seeds: number(args, 'seeds', defaultSeeds, { min: 1, max: 20, integer: true }),
    epochs: number(args, 'epochs', defaultEpochs, { min: 0.01 }),
    learningRate: number(args, 'learning_rate', defaultRate, { min: Number.MIN_VALUE }),
    outputDir: path('output_dir') ?? join(cwd, '.margin', 'runs'),
    onlyPrice: flag(args, 'dry_run'),
    json: flag(args, 'json'),
    script: join(programs, 'printThread.js'),
    signal: interruption().signal,
  };
}

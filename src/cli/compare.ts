import { basename, resolve } from 'node:path';
import { MarginError } from '../base/pure/marginError';
import { modelName } from '../jsonl/node/agreement/modelVerdicts';
import { pairKey } from '../jsonl/node/pairKey';
import { readPairs } from '../jsonl/node/readPairs';
import { comparisonResult, type LeftOut, leftOutText, sectionsByModel } from '../pairs/comparison/comparisonResult';
import { isFlip, ModelComparison } from '../pairs/comparison/modelComparison';
import { keyNumber } from '../pairs/keyNumber';
import { isPath, keysOf, valueAt } from '../pairs/own/keyPath';
import { pairsIn } from '../pairs/pairsIn';
import type { Reading } from '../pairs/reading';
import { valueMeasures, type ValueMeasure } from '../pairs/comparison/valueMeasure';
import { deviceNames } from '../run/types';
import { type Arguments, choice, flag, maxLength, number, onePositional, type OptionKind } from './args';
import { parseArguments, text, texts, UsageError } from './args';
import { columnsHelp, readingOption } from './columnsOption';
import type { Command, Surroundings } from './command';
import { benchmarkOf, PromptValues } from './benchmark';
import { isAdapter, type PairValues, readValues, scoreValues } from './comparedModels';
import { comparisonText, type Flip } from './comparisonReport';
import { interruption } from './interruption';
import { pairRuleHelp, pairRuleOptions } from './pairRuleOptions';
import { rewardsFile } from './rewardsOption';

const optionKinds: Readonly<Record<string, OptionKind>> = {
  help: 'flag',
  json: 'flag',
  models: 'files',
  rewards: 'files',
  name: 'texts',
  base: 'value',
  reference: 'value',
  measure: 'value',
  beta: 'value',
  slice: 'value',
  flips: 'value',
  max_length: 'value',
  batch_size: 'value',
  device: 'value',
  columns: 'value',
  ...pairRuleOptions,
  data_format: 'value',
};

export const compare: Command = {
  summary: 'compare which answers of a file two or more models prefer',
  help: `margin compare FILE --models A B … [--reference DIR] [--slice KEY]
margin compare FILE --rewards RUN … [--models A …]

Lets models judge the pairs of a file: a model is right on a pair if it values the chosen answer above the rejected one.
Prints the accuracy of each model with its 95 % interval (Wilson), for each two models who is right where the other is
wrong (McNemar’s exact test), and the pairs on which they differ. Only pairs that all models scored are compared; ties
and judged answers are left out. All of these are counted.

  --models A B …    Models: folders in Hugging Face layout, .gguf files, folders of adapters or of checkpoints of a run.
  --base DIR        The base of the adapters in --models, where it is not the one that they name.
  --rewards RUN …   Models whose rewards exist: a run folder, its name in .margin/runs, or a file of rewards, as
                    margin score --out writes it.
  --name NAME       What to call a model; once for each, those of --rewards first.
  --measure M       How a model values an answer. reward: beta · (its log-prob − its log-prob under the reference).
                    avg: the mean log-prob of its tokens. sum: the sum of them, which favours short answers. norm: minus
                    their Euclidean norm. Default: reward if each model has a reference, otherwise avg.
  --reference DIR   The reference of all --models. Without it an adapter’s reference is its base.
  --beta B          The factor of the rewards; default 0.1.
  --slice KEY       Also counts by the values of a column, given as a key path such as meta.source. If all rows have a
                    subset of RewardBench in their column subset, that is the default, and the scores of RewardBench’s
                    sections are printed. For rows of RewardBench 2 (lists) these are best-of-four accuracies and the
                    score of its subset Ties; all answers are compared then: --pair_rule best-all --pair_ties keep.
  --flips N         Prints at most N pairs on which models differ, the largest difference first; default 20.
  --max_length N    The longest prompt + answer in tokens; default 1024, null for no limit.
  --batch_size N    The number of pairs per batch; default 8.
  --device D        cpu (default), webgpu, cuda or dml.
${columnsHelp}
${pairRuleHelp}
  --json            Prints one JSON object per pair: row, line, key, slice, margins (by model), flip. The last line is
                    comparison: measure, pairs, left_out, models (accuracy, low, high, right, ties, mean_margin),
                    slices, duels (p of McNemar’s test, counts, text), and sections for RewardBench and RewardBench 2.

Exit code: 0 success; 1 failed, or no pair to compare; 2 wrong usage.`,

  async run(argv, surroundings) {
    const args = parseArguments(argv, optionKinds);
    const { cwd } = surroundings;
    const file = resolve(cwd, onePositional(args, 'FILE'));
    const slice = text(args, 'slice');
    if (slice !== null && !isPath(slice)) throw new UsageError(`--slice ${slice} is no key path, such as meta.source`);
    const flips = number(args, 'flips', 20, { min: 0, integer: true });
    const reading = await readingOption(args, file, surroundings);
    const benchmark = await benchmarkOf(file, reading);
    const sliceKey = slice ?? (benchmark === null ? null : 'subset');
    const byPrompt = benchmark === 'rewardbench-2' && sliceKey === 'subset';
    const { measure, models } = await valuesOf(file, args, reading, surroundings);
    const asked = { models, reading, sliceKey, byPrompt, measure, json: flag(args, 'json'), flips };
    await report(file, asked, surroundings);
    return 0;
  },
};

interface NamedValues {
  readonly name: string;
  readonly values: PairValues;
}

/** Reads the files of rewards, then lets each model score the pairs. */
async function valuesOf(
  file: string,
  args: Arguments,
  reading: Reading,
  { cwd, output }: Surroundings,
): Promise<{ measure: ValueMeasure; models: readonly NamedValues[] }> {
  const [given, runs] = [texts(args, 'models'), texts(args, 'rewards')];
  if (given.length + runs.length < 2)
    throw new UsageError('two models are needed: name them after --models, or runs after --rewards');
  const paths = given.map((path) => resolve(cwd, path));
  const folder = (name: string): string | null => {
    const typed = text(args, name);
    return typed === null ? null : resolve(cwd, typed);
  };
  const [base, reference] = [folder('base'), folder('reference')];
  const settings = {
    reading,
    measure: await measureOf(args, paths, base, reference),
    base,
    reference,
    beta: number(args, 'beta', 0.1, { min: Number.MIN_VALUE }),
    maxLength: maxLength(args),
    batchSize: number(args, 'batch_size', 8, { min: 1, integer: true }),
    device: choice(args, 'device', deviceNames),
    output,
    signal: interruption().signal,
  };
  const files = [];
  for (const run of runs) files.push(await rewardsFile(run, cwd));
  const known = unlike([...files.map(modelName), ...paths.map((path) => basename(path))], [...runs, ...given]);
  const names = givenNames(args, known.length) ?? known;
  const models: NamedValues[] = [];
  for (const [i, name] of names.entries()) {
    const rewards = files[i];
    const path = paths[i - files.length];
    if (rewards !== undefined) models.push({ name, values: await readValues(rewards, settings.measure) });
    else if (path !== undefined) models.push({ name, values: await scoreValues(file, path, name, settings) });
  }
  return { measure: settings.measure, models };
}

/** The given measure; by default rewards, if each model has a reference. */
async function measureOf(
  args: Arguments,
  paths: readonly string[],
  base: string | null,
  reference: string | null,
): Promise<ValueMeasure> {
  const given = text(args, 'measure') === null ? null : choice(args, 'measure', valueMeasures);
  if (reference !== null || (given !== null && given !== 'reward')) return given ?? 'reward';
  for (const path of paths) {
    if (await isAdapter(path, base)) continue;
    if (given === null) return 'avg';
    const hint = 'Give --reference DIR, or a measure without a reference: --measure avg.';
    throw new UsageError(`${path} is no adapter, so it has no reference of its own for --measure reward. ${hint}`);
  }
  return 'reward';
}

/** The names after `--name`; null without any. */
function givenNames(args: Arguments, models: number): readonly string[] | null {
  const names = texts(args, 'name');
  if (names.length === 0) return null;
  if (names.length !== models) throw new UsageError(`${models} models need ${models} names: give --name for each`);
  if (new Set(names).size < models) throw new UsageError('two models have the same --name');
  return names;
}

/** The short name of each model; if two are the same, what the person typed. */
function unlike(names: readonly string[], typed: readonly string[]): readonly string[] {
  const clear = names.map((name, i) => (names.indexOf(name) === i && names.lastIndexOf(name) === i ? name : typed[i]));
  return clear.map((name, i) => (clear.indexOf(name) === i && name !== undefined ? name : `${name} (${i + 1})`));
}

interface Comparing {
  readonly models: readonly NamedValues[];
  readonly reading: Reading;
  readonly sliceKey: string | null;
  /** Whether the rows are prompts of RewardBench 2, whose scores need all answers. */
  readonly byPrompt: boolean;
  readonly measure: ValueMeasure;
  readonly json: boolean;
  /** Most pairs to print on which the models differ. */
  readonly flips: number;
}

const needsAllAnswers =
  'No scores of RewardBench 2: no prompt has values of all its answers. Score the file with --pair_rule best-all --pair_ties keep.';

async function report(file: string, asked: Comparing, { output }: Surroundings): Promise<void> {
  const { models, reading, sliceKey, byPrompt, measure, json } = asked;
  const names = models.map(({ name }) => name);
  const comparison = new ModelComparison(names);
  const prompts = byPrompt ? new PromptValues(models.map(({ values }) => values)) : null;
  const flips: Flip[] = [];
  const leftOut: LeftOut = { ties: 0, rows: 0, judged: 0, notScored: new Map(names.map((name) => [name, 0])) };
  for await (const { row, line, value, result } of readPairs(file, { reading })) {
    prompts?.add(result);
    const pairs = pairsIn(result);
    if (pairs.length === 0 && result.kind !== 'blank') leftOut.rows++;
    if (result.kind === 'judged') leftOut.judged++;
    const slice = sliceKey === null ? null : sliceText(valueAt(value, keysOf(sliceKey)));
    for (const pair of pairs) {
      if (pair.tie === true) {
        leftOut.ties++;
        continue;
      }
      const key = pairKey(pair);
      const margins = marginsIn(models, keyNumber(key), leftOut);
      if (margins === null) continue;
      comparison.add({ margins, slice });
      const flip = isFlip(margins);
      if (flip && !json) flips.push({ line, key, margins });
      if (json) output.json({ row, line, key, ...(sliceKey && { slice }), margins: byName(names, margins), flip });
      await output.drain();
    }
  }
  if (comparison.pairs === 0) {
    const said = leftOutText(leftOut);
    const reason = said === null ? '' : ` ${said}`;
    throw new MarginError('no-pairs', `${file} has no pair that all models scored.${reason}`, { file });
  }
  const sections = prompts ? prompts.scores() : sectionsByModel(comparison);
  if (prompts && sections === null) output.say(needsAllAnswers);
  const result = comparisonResult(comparison, measure, leftOut, sliceKey, sections);
  if (json) output.json({ comparison: result });
  else output.line(comparisonText(comparison, measure, leftOut, sliceKey, sections, flips, asked.flips));
}

/** [models] the margins of a pair; null if a model did not score it, which is counted. */
function marginsIn(models: readonly NamedValues[], key: number, leftOut: LeftOut): readonly number[] | null {
  const found = models.map(({ name, values }) => {
    const pair = values.get(key);
    if (pair === undefined) leftOut.notScored.set(name, (leftOut.notScored.get(name) ?? 0) + 1);
    return pair === undefined ? undefined : pair.chosen - pair.rejected;
  });
  return found.every((margin) => margin !== undefined) ? found : null;
}

function byName(names: readonly string[], margins: readonly number[]): Readonly<Record<string, number | undefined>> {
  return Object.fromEntries(names.map((name, i) => [name, margins[i]]));
}

/** The name of a slice. A row without a value is in the slice "(none)", so that no row is lost. */
function sliceText(value: unknown): string {
  if (value === undefined || value === null) return '(none)';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

import { resolve } from 'node:path';
import { openScoreSession } from '../engine/scoreSession';
import { withWeightCheck } from '../model/finite';
import { MarginError } from '../base/pure/marginError';
import { scorePairs } from '../reward/scorePairs';
import { TokenTexts } from '../reward/tokenTexts';
import { deviceNames, type DeviceName, type PairReward, type SideReward } from '../run/types';
import { choice, flag, maxLength, number, onePositional, parseArguments, required, text, UsageError } from './args';
import type { Arguments, OptionKind } from './args';
import { columnsHelp, readingOption } from './columnsOption';
import { pairRuleHelp, pairRuleOptions } from './pairRuleOptions';
import type { Command, Surroundings } from './command';
import { interruption } from './interruption';
import { openModel } from '../engine/openModel';
import { Progress } from './progress';
import { TopTokens } from './topTokens';
import { RewardFile } from './rewardFile';
import { RewardSummary } from './rewardSummary';
import { scoreRun } from './scoreRun';
import { loadScoredRows, openReference } from './scoring';

const optionKinds: Readonly<Record<string, OptionKind>> = {
  help: 'flag',
  json: 'flag',
  model: 'value',
  adapter: 'value',
  reference: 'value',
  beta: 'value',
  per_token: 'flag',
  top_tokens: 'value',
  min_count: 'value',
  max_length: 'value',
  batch_size: 'value',
  device: 'value',
  out: 'value',
  run: 'value',
  columns: 'value',
  ...pairRuleOptions,
  data_format: 'value',
};

export const score: Command = {
  summary: 'compute the implicit reward of each pair or judged answer',
  help: `margin score FILE --model DIR [--adapter DIR] [--reference DIR] [--columns MAP]
margin score --run RUN_FOLDER

The reward of an answer is beta · (its log-prob under the model − its log-prob under the reference). The margin of a
pair is the chosen reward − the rejected reward; if it is negative, the model prefers the rejected answer. The margin
of a judged answer (prompt, completion, label) is its reward if the label is true, and minus its reward if it is
false. A file may have pairs and judged answers. Rows that cannot be used are left out and named.

  --model DIR       The model: a folder in Hugging Face layout, a .gguf file, or the folder of an adapter.
  --adapter DIR     A PEFT adapter for the model. The reference is then the model without the adapter.
  --reference DIR   Another model as the reference. Without --reference and --adapter all rewards are 0.
  --beta B          The factor of the rewards; default 0.1.
  --per_token       Adds ids, logps, ref_logps and texts of each answer’s tokens, and beta.
  --top_tokens N    As --per_token, and prints the N most rewarded and the N most punished tokens, by their mean reward.
  --min_count N     Leaves tokens that occur less often out of them; default 5.
  --max_length N    The longest prompt + answer in tokens; default 1024, null for no limit.
  --batch_size N    The number of pairs per batch; default 8.
  --device D        cpu (default), webgpu, cuda or dml.
${columnsHelp}
${pairRuleHelp}
  --run RUN_FOLDER  Scores the pairs of an ended run that are not scored yet, into its rewards folder. Ctrl+C stops and
                    keeps the scored ones.
  --out FILE        Writes one JSON object per row to FILE.
  --json            Writes them to stdout: row, line, key, chosen, rejected (each {logp, ref_logp, reward, tokens}),
                    margin. A judged answer also has label and completion; completion repeats chosen if the label is
                    true, otherwise rejected, and the other side is empty.

Exit code: 0 success; 1 failed, or no usable row; 2 wrong usage.`,

  async run(argv, surroundings) {
    const args = parseArguments(argv, optionKinds);
    const run = text(args, 'run');
    if (run !== null)
      return scoreRun(ownRun(args, resolve(surroundings.cwd, run)), { json: flag(args, 'json') }, surroundings);
    const file = resolve(surroundings.cwd, onePositional(args, 'FILE'));
    const reading = await readingOption(args, file, surroundings);
    const options = readOptions(args, surroundings.cwd);
    const model = await openModel(options.model, options.adapter, options.device);
    const loaded = await loadScoredRows(file, reading, options.maxLength, model, surroundings.output);
    const policy = await openScoreSession(model);
    const other = await openReference(options.reference, model);
    const reference = options.reference === null && model.adapter === null ? policy : await openScoreSession(other);
    const { signal } = interruption();
    try {
      const { topTokens } = options;
      const perToken = options.perToken || topTokens !== null;
      const texts = perToken ? { texts: new TokenTexts(model.tokenizer) } : {};
      const rewards = scorePairs(loaded.rows, policy, reference, { ...options, perToken, ...texts, signal });
      await withWeightCheck([model.checkpoint, other.checkpoint], () =>
        report(rewards, loaded.rows.count, options, args, surroundings, signal),
      );
    } finally {
      await Promise.all([
        ...[...new Set([policy, reference])].map((session) => session.release()),
        loaded.rows.close(),
      ]);
    }
    return 0;
  },
};

/** The folder of `--run`, which allows no other option: a run has its own model, rows and settings. */
function ownRun(args: Arguments, folder: string): string {
  const extra = [
    ...args.positionals,
    ...[...args.options.keys()].filter((name) => name !== 'run' && name !== 'json').map((name) => `--${name}`),
  ];
  if (extra.length > 0)
    throw new UsageError(`--run uses the model, rows and settings of the run: leave out ${extra.join(' ')}`);
  return folder;
}

interface Options {
  readonly model: string;
  readonly adapter: string | null;
  readonly reference: string | null;
  readonly out: string | null;
  readonly beta: number;
  readonly perToken: boolean;
  readonly topTokens: TopTokens | null;
  readonly maxLength: number | null;
  readonly batchSize: number;
  readonly device: DeviceName;
}

function readOptions(args: Arguments, cwd: string): Options {
  const path = (name: string): string | null => {
    const given = text(args, name);
    return given === null ? null : resolve(cwd, given);
  };
  return {
    model: resolve(cwd, required(args, 'model')),
    adapter: path('adapter'),
    reference: path('reference'),
    out: path('out'),
    beta: number(args, 'beta', 0.1, { min: Number.MIN_VALUE }),
    perToken: flag(args, 'per_token'),
    topTokens: topTokensOf(args),
    maxLength: maxLength(args),
    batchSize: number(args, 'batch_size', 8, { min: 1, integer: true }),
    device: choice(args, 'device', deviceNames),
  };
}

/** @returns null without `--top_tokens` */
function topTokensOf(args: Arguments): TopTokens | null {
  const minCount = number(args, 'min_count', 5, { min: 1, integer: true });
  if (text(args, 'top_tokens') === null) {
    if (text(args, 'min_count') !== null) throw new UsageError('--min_count belongs to --top_tokens');
    return null;
  }
  if (flag(args, 'json')) throw new UsageError('--top_tokens prints tables: leave out --json, or use --out FILE');
  return new TopTokens(number(args, 'top_tokens', 20, { min: 1, integer: true }), minCount);
}

/** Adds `completion` to a judged answer, the name of its field in the file. */
function withCompletion(reward: PairReward): PairReward & { readonly completion?: SideReward } {
  const { row, line, key, label, chosen, rejected, margin, ...factor } = reward;
  if (label === undefined) return reward;
  return { row, line, key, label, ...factor, completion: label ? chosen : rejected, chosen, rejected, margin };
}

async function report(
  rewards: AsyncIterable<PairReward>,
  total: number,
  options: Options,
  args: Arguments,
  { output }: Surroundings,
  signal: AbortSignal,
): Promise<void> {
  const progress = new Progress(output);
  const summary = new RewardSummary();
  const out = options.out === null ? null : await RewardFile.create(options.out);
  const started = Date.now();
  try {
    for await (const found of rewards) {
      const reward = withCompletion(found);
      summary.add(reward);
      options.topTokens?.add(reward);
      if (flag(args, 'json')) output.json(reward);
      await out?.append(reward);
      progress.update(
        `${summary.count}/${total} rows · ${((1000 * summary.count) / (Date.now() - started + 1)).toFixed(1)} rows/s`,
      );
      await output.drain();
      if (output.closed && out === null) break;
    }
    if (signal.aborted)
      throw new MarginError(
        'interrupted',
        `Stopped after ${summary.count} of ${total} rows${out === null ? '' : `; ${options.out} was not written`}.`,
      );
    await out?.finish();
  } finally {
    await out?.discard();
    progress.end();
  }
  if (!flag(args, 'json')) output.line(summary.text(options.out));
  if (options.topTokens) output.line(options.topTokens.text());
}

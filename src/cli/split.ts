import path, { join, resolve } from 'node:path';
import { MarginError } from '../base/pure/marginError';
import { type SplitPlan, type SplitResult, splitFile } from '../jsonl/node/split/splitFile';
import { verifySplit } from '../jsonl/node/split/verifySplit';
import { isPath } from '../pairs/own/keyPath';
import { splitNames } from '../pairs/split/splitNames';
import {
  type Arguments,
  flag,
  number,
  onePositional,
  type OptionKind,
  parseArguments,
  required,
  text,
  UsageError,
} from './args';
import { columnsHelp, readingOption } from './columnsOption';
import type { Command, Surroundings } from './command';
import type { DuplicateProgress } from '../jsonl/node/duplicates/findDuplicates';
import { duplicatesText, ProgressTeller } from './progressTeller';
import { thresholdOf } from './duplicates';
import { interruption } from './interruption';
import { pairRuleOptions } from './pairRuleOptions';
import { table } from './table';
import { visibleLine } from './visible';

const optionKinds: Readonly<Record<string, OptionKind>> = {
  help: 'flag',
  json: 'flag',
  eval: 'value',
  seed: 'value',
  near: 'value',
  stratify: 'value',
  out_train: 'value',
  out_eval: 'value',
  verify: 'value',
  columns: 'value',
  data_format: 'value',
  ...pairRuleOptions,
};

export const split: Command = {
  summary: 'split a file into rows to train on and rows to evaluate on',
  help: `margin split FILE --eval N [--seed N] [--stratify COLUMN] [--near N] [--out-train FILE] [--out-eval FILE]
margin split --verify PROOF

Splits a file so that no row to evaluate on is like one to train on: rows with the same prompt or with nearly the same
one, and rows that are near duplicates as a whole, are on one side. Writes both sides and a proof, NAME.split.json, with
the fingerprints of the files, the parameters, and a hash of each group on each side. A run checks the proof that lies
beside its train_file or eval_file.

Rows keep their bytes and their order. Rows without answers stay with the training rows; blank lines are left out.

  --eval N          The rows to hold out: a share of them below 1 (0.1), or their number (500).
  --seed N          Which groups are held out; default 42. The choice depends on the prompts, and not on their lines.
  --stratify COLUMN Gives both sides the same share of each value of COLUMN, a key path such as meta.source.
  --near N          The least similarity of near duplicates, as for margin duplicates; default 0.8, 1 for none.
  --out-train FILE  Default: NAME.train.jsonl beside FILE, or NAME.train.csv and the like.
  --out-eval FILE   Default: NAME.eval.jsonl.
  --verify PROOF    Verifies a proof: that the files have the same bytes, that no group of their rows, found again, is
                    on both sides, and that the groups are those of the proof.
${columnsHelp}
  --json            Prints one JSON object: proof (its path), train, eval (each file, sha256, rows, groups), unread,
                    blank, strata (each value, train, eval). Before it, {"progress"} now and then.

Exit code: 0 success; 1 failed, or the proof does not hold; 2 wrong usage.`,

  async run(argv, surroundings) {
    const args = parseArguments(argv, optionKinds);
    const { signal } = interruption();
    const progress = new ProgressTeller(surroundings.output, flag(args, 'json'), duplicatesText);
    const options = {
      script: join(surroundings.programs, 'printThread.js'),
      signal,
      onProgress: progress.tell,
    };
    try {
      if (text(args, 'verify') !== null) await verify(args, options, surroundings, progress);
      else {
        const plan = await planOf(args, options, surroundings);
        const result = await splitFile(plan);
        progress.end();
        report(plan, result, args, surroundings);
      }
      return 0;
    } catch (error) {
      progress.end();
      if (signal.aborted) throw new MarginError('interrupted', 'Stopped; no proof was written.');
      throw error;
    }
  },
};

type Options = Pick<SplitPlan, 'script' | 'signal' | 'onProgress'>;

async function verify(
  args: Arguments,
  options: Options,
  surroundings: Surroundings,
  progress: ProgressTeller<DuplicateProgress>,
): Promise<void> {
  const others = [...args.options.keys()].filter((name) => name !== 'verify' && name !== 'json');
  if (others.length > 0 || args.positionals.length > 0)
    throw new UsageError('--verify takes the file and all options from the proof: leave out the others');
  const given = required(args, 'verify');
  const { train, eval: held } = await verifySplit(resolve(surroundings.cwd, given), options);
  progress.end();
  const counts = { train: counted(train), eval: counted(held) };
  if (flag(args, 'json')) surroundings.output.json({ proof: given, holds: true, ...counts });
  else
    surroundings.output.line(
      visibleLine(
        `${given} holds: ${train.groups.length} groups in ${train.file} and ${held.groups.length} in ${held.file}, none in both`,
      ),
    );
}

async function planOf(args: Arguments, options: Options, surroundings: Surroundings): Promise<SplitPlan> {
  const { cwd } = surroundings;
  const file = resolve(cwd, onePositional(args, 'FILE'));
  required(args, 'eval');
  const evalSize = number(args, 'eval', 0, { min: Number.MIN_VALUE });
  if (evalSize >= 1 && !Number.isInteger(evalSize))
    throw new UsageError(`--eval is a share below 1 or a whole number of rows, not ${evalSize}`);
  const stratify = text(args, 'stratify');
  if (stratify !== null && !isPath(stratify))
    throw new UsageError(`--stratify: ${JSON.stringify(stratify)} is not a key path, such as meta.source`);
  const names = splitNames(file);
  const outOf = (option: string, name: string): string => resolve(cwd, text(args, option) ?? name);
  const trainOut = outOf('out_train', names.train);
  return {
    ...options,
    file,
    reading: await readingOption(args, file, surroundings),
    near: thresholdOf(args, 'near'),
    evalSize,
    seed: number(args, 'seed', 42, { min: 0, integer: true }),
    stratify,
    trainOut,
    evalOut: outOf('out_eval', names.eval),
    proofOut: join(path.dirname(trainOut), path.basename(names.proof)),
  };
}

function report(plan: SplitPlan, result: SplitResult, args: Arguments, { cwd, output }: Surroundings): void {
  const { proof, unread, blank, strata } = result;
  if (flag(args, 'json')) {
    const counts = { train: counted(proof.train), eval: counted(proof.eval) };
    output.json({ proof: plan.proofOut, ...counts, unread, blank, strata: plan.stratify === null ? [] : strata });
    return;
  }
  const name = (file: string): string => path.relative(cwd, file);
  output.say(`${name(plan.trainOut)}: ${proof.train.rows} rows in ${proof.train.groups.length} groups`);
  output.say(`${name(plan.evalOut)}: ${proof.eval.rows} rows in ${proof.eval.groups.length} groups`);
  if (unread > 0) output.say(`${unread} rows without answers stay with the training rows; margin check says why`);
  if (blank > 0) output.say(`${blank} blank lines are left out`);
  output.say(`${name(plan.proofOut)} proves that no group is on both sides; margin split --verify checks it`);
  if (plan.stratify === null) return;
  const rows = strata.map(({ value, train, eval: held }) => [value, String(train), String(held)]);
  output.line(table([plan.stratify, 'train', 'eval'], rows));
}

function counted({ file, sha256, rows, groups }: SplitResult['proof']['train']): object {
  return { file, sha256, rows, groups: groups.length };
}

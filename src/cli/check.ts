import { join, resolve } from 'node:path';
import { choice, flag, maxLength, parseArguments, text, UsageError } from './args';
import type { Arguments } from './args';
import { columnsHelp, readingOption } from './columnsOption';
import { pairRuleHelp, pairRuleOptions } from './pairRuleOptions';
import { configFindings } from './checkConfig';
import { rowFindings } from './checkRows';
import type { Command, Surroundings } from './command';
import { fixFiles, fixHelp, fixOptions } from './fix';
import { MarginError } from '../base/pure/marginError';
import { type Finding, JsonPrinter, type Printer, TextPrinter } from './findings';
import { openModel } from '../engine/openModel';
import type { Output } from './output';
import type { Reading } from '../pairs/reading';
import { withLevels } from '../pairs/rules/levels';
import { withIgnored } from './ignoredOption';
import { ruleHelp, ruleLevelsOf, ruleLines, ruleOptions, rulesOff } from './ruleOptions';
import { SarifPrinter } from './sarif';
import { TokenCheck } from './tokenCheck';

interface Counts {
  rows: number;
  error: number;
  warning: number;
  info: number;
  /** Problems that are not reported, because their rules are ignored in their rows. */
  ignored: number;
}

export const check: Command = {
  summary: 'find problems in preference files and training configs',
  help: `margin check FILE… [--fix [--dry_run]] [--rule ID=LEVEL] [--format sarif] [--model DIR] [--max_length N] [--columns MAP] [--strict]

Checks preference files (JSON Lines, CSV, TSV or Parquet; also packed) row by row and as a whole. Checks training
configs (*.train.json) together with the model and the rows that they name. Prints one line per problem:
FILE:LINE:COLUMN: severity: field: what is wrong and how to fix it. [rule]
The first ten problems of each kind are printed; the others are counted. A problem whose rule a person ignores in its
row is only counted: NAME.marks.jsonl beside the file says so. Nobody can ignore an error that makes a row unusable.

  error    The row cannot be used, so train and score leave it out; or the run cannot start.
  warning  The row can be used, but teaches nothing or the wrong thing; or it is a duplicate.
  info     The row is worth a look.

  --model DIR       Also reports what a model’s chat template and tokenizer do to the rows: which rows they refuse,
                    how many tokens rows have, which rows training would leave out or cut, and which pairs have the
                    same tokens on both sides. DIR is a folder in Hugging Face layout, a .gguf file, or the folder of
                    an adapter.
  --max_length N    The longest prompt + answer in tokens; default 1024, null for no limit. It needs --model.
${columnsHelp}
${pairRuleHelp}
${ruleHelp}
${fixHelp}
  --strict          Treats warnings as errors.
  --format FORMAT   text (default), json (the same as --json), or sarif: one SARIF 2.1.0 log, which code hosts and CI
                    show beside the files.
  --json            Prints one JSON object per problem: file, line, column, severity, code, field, message; a problem
                    of the whole file also has count and lines. A file with ignored problems has one more object: file
                    and ignored, their number by rule. With --model, also prints one object per file: file, pairs,
                    judged, tokens {p50, p90, p99, max}, max_length, and left_out, truncated, mismatched, same_tokens
                    and refused, each with count, lines and first.

Exit code: 0 no errors; 1 errors, or a file cannot be read; 2 wrong usage.`,

  async run(argv, surroundings) {
    const { output, cwd } = surroundings;
    const args = parseArguments(argv, {
      help: 'flag',
      json: 'flag',
      strict: 'flag',
      model: 'value',
      max_length: 'value',
      columns: 'value',
      ...pairRuleOptions,
      ...ruleOptions,
      ...fixOptions,
      data_format: 'value',
      format: 'value',
    });
    if (flag(args, 'rules')) return printRules(output);
    if (args.positionals.length === 0) throw new UsageError('FILE is missing');
    const levels = ruleLevelsOf(args);
    const [only = null, ...others] = args.positionals.map((given) => resolve(cwd, given));
    const reading = { ...(await readingOption(args, others.length === 0 ? only : null, surroundings)), levels };
    const printer = printerOf(args, surroundings);
    if (flag(args, 'fix')) await fixFiles(dataFiles(args, cwd), reading, args, surroundings, printer.isForPeople);
    else if (flag(args, 'dry_run')) throw new UsageError('--dry_run is for --fix');
    const newTokenCheck = await tokenChecks(args, cwd);
    const counts: Counts = { rows: 0, error: 0, warning: 0, info: 0, ignored: 0 };
    for (const given of args.positionals) {
      const file = resolve(cwd, given);
      const tokens = file.endsWith('.train.json') ? null : newTokenCheck();
      printer.begin(given);
      const ignored = new Map<string, number>();
      for await (const found of findings(file, reading, counts, tokens, surroundings)) {
        for (const finding of withLevels([found], levels)) {
          if (finding.ignored) {
            ignored.set(finding.code, (ignored.get(finding.code) ?? 0) + 1);
            printer.ignored(finding);
            continue;
          }
          counts[finding.severity]++;
          printer.print(finding);
        }
        await output.drain();
        if (output.closed) break;
      }
      for (const count of ignored.values()) counts.ignored += count;
      printer.end(tokens && { file, report: tokens.report }, ignored, file);
    }
    printer.close();
    const isConfigs = args.positionals.every((given) => given.endsWith('.train.json'));
    if (printer.isForPeople) summarise(counts, args.positionals.length, isConfigs, output);
    const off = rulesOff(args, levels);
    if (printer.isForPeople && off !== null) output.say(off);
    return counts.error > 0 || (flag(args, 'strict') && counts.warning > 0) ? 1 : 0;
  },
};

/** The files with rows. A config is never mended. */
function dataFiles(args: Arguments, cwd: string): readonly string[] {
  const files = args.positionals.map((given) => resolve(cwd, given));
  const config = files.find((file) => file.endsWith('.train.json'));
  if (config !== undefined) throw new UsageError(`--fix mends rows, and ${config} is a training config`);
  return files;
}

function printRules(output: Output): number {
  for (const line of ruleLines()) output.line(line);
  return 0;
}

function printerOf(args: Arguments, { output, cwd }: Surroundings): Printer {
  const format = choice(args, 'format', ['text', 'json', 'sarif']);
  if (format === 'sarif' && flag(args, 'json')) throw new UsageError('--json and --format sarif exclude each other');
  if (format === 'sarif') return new SarifPrinter(output, cwd);
  return format === 'json' || flag(args, 'json') ? new JsonPrinter(output) : new TextPrinter(output);
}

/** A factory of token checks, one per file; it returns null without --model. */
async function tokenChecks(args: Arguments, cwd: string): Promise<() => TokenCheck | null> {
  const model = text(args, 'model');
  const asked = maxLength(args);
  if (model === null && text(args, 'max_length') !== null)
    throw new UsageError('--max_length counts the tokens of a model: --model is missing');
  if (model === null) return () => null;
  const { tokenizer, checkpoint } = await openModel(resolve(cwd, model), null, 'cpu');
  const { maxPositions } = checkpoint.model;
  return () => new TokenCheck(tokenizer, Math.min(asked ?? Infinity, maxPositions));
}

/** The findings of a file. A file that cannot be read is a finding too, so that the other files are still checked. */
async function* findings(
  file: string,
  reading: Reading,
  counts: Counts,
  tokens: TokenCheck | null,
  surroundings: Surroundings,
): AsyncGenerator<Finding> {
  try {
    if (file.endsWith('.train.json')) return yield* configFindings(file);
    const script = join(surroundings.programs, 'checkLines.js');
    yield* rowFindings(file, await withIgnored(file, reading, surroundings), counts, tokens, script);
  } catch (error) {
    if (!(error instanceof MarginError)) throw error;
    yield { file, line: null, column: null, severity: 'error', code: error.code, field: null, message: error.message };
  }
}

/** Prints the last line: the numbers of files, rows and problems. */
function summarise(
  { rows, error, warning, info, ignored }: Counts,
  files: number,
  isConfigs: boolean,
  output: Output,
): void {
  const number = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;
  const found =
    error + warning + info === 0
      ? 'no problems'
      : [number(error, 'error'), number(warning, 'warning'), `${info} to look at`].join(', ');
  const hidden = ignored === 0 ? '' : `, ${ignored} ignored in ${ignored === 1 ? 'its row' : 'their rows'}`;
  // A config has no rows of its own.
  output.say(`${number(files, 'file')}${rows === 0 && isConfigs ? '' : `, ${number(rows, 'row')}`}: ${found}${hidden}`);
}

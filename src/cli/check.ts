import { resolve } from 'node:path';
import { readPairs } from '../jsonl/readPairs';
import { FileCheck } from '../pairs/fileCheck';
import type { Problem } from '../pairs/problem';
import { MarginError } from '../base/pure/marginError';
import { checkTrainConfig, readTrainConfig } from '../run/trainConfig';
import { flag, maxLength, parseArguments, text, UsageError } from './args';
import type { Arguments } from './args';
import type { Command } from './command';
import { openModel } from './openModel';
import type { Output } from './output';
import { TokenCheck, tokenLines } from './tokenCheck';

/** A problem with its place; `line` and `column` count from 1, null where the whole file or line is meant. */
interface Finding extends Omit<Problem, 'side'> {
  readonly file: string;
  readonly line: number | null;
  readonly field: string | null;
}

interface Counts {
  rows: number;
  error: number;
  warning: number;
  info: number;
}

export const check: Command = {
  summary: 'the problems of preference files and training configs',
  help: `margin check FILE… [--model DIR] [--max_length N]

Checks each line of preference files (*.jsonl), and training configs (*.train.json). One line a problem:
FILE:LINE:COLUMN: severity: field: what is wrong and what to do.

  error    the row cannot be trained on
  warning  it can, but teaches nothing or the wrong thing; also a pair that stands twice
  info     worth a look

  --model DIR       tells besides how long the pairs are in the model’s tokens (prompt and longer answer), and which ones
                    training would leave out or cut; a model folder, .gguf file, or an adapter’s folder
  --max_length N    longest prompt + answer in tokens; default 1024, null for no limit
  --json            one JSON object a problem: file, line, column, severity, code, field, message; with --model also one a
                    file: file, pairs, tokens {p50, p90, p99, max}, max_length, and left_out, truncated and mismatched
                    with count, lines and the first of them

Exit code: 0 no errors or warnings, 1 some, or a file cannot be read, 2 wrong usage.`,

  async run(argv, { output, cwd }) {
    const args = parseArguments(argv, { help: 'flag', json: 'flag', model: 'value', max_length: 'value' });
    if (args.positionals.length === 0) throw new UsageError('FILE is missing');
    const newTokenCheck = await tokenChecks(args, cwd);
    const counts: Counts = { rows: 0, error: 0, warning: 0, info: 0 };
    const json = flag(args, 'json');
    for (const given of args.positionals) {
      const file = resolve(cwd, given);
      const tokens = file.endsWith('.train.json') ? null : newTokenCheck();
      for await (const finding of findings(file, counts, tokens)) {
        counts[finding.severity]++;
        if (json) output.json(finding);
        else output.line(sentence(given, finding));
        await output.drain();
        if (output.closed) break;
      }
      if (tokens && json) output.json({ file, ...tokens.report });
      else if (tokens) for (const line of tokenLines(tokens.report)) output.say(`${given}: ${line}`);
    }
    if (!json) summarise(counts, args.positionals.length, output);
    return counts.error + counts.warning > 0 ? 1 : 0;
  },
};

/** Makes what looks at a file's pairs as a model does; null without --model. */
async function tokenChecks(args: Arguments, cwd: string): Promise<() => TokenCheck | null> {
  const model = text(args, 'model');
  const asked = maxLength(args);
  if (model === null && text(args, 'max_length') !== null) throw new UsageError('--max_length counts in a model’s tokens: --model is missing');
  if (model === null) return () => null;
  const { tokenizer, checkpoint } = await openModel(resolve(cwd, model), null, 'cpu');
  const { maxPositions } = checkpoint.model;
  return () => new TokenCheck(tokenizer, Math.min(asked ?? Infinity, maxPositions));
}

/** A file that cannot be read is a finding too, so that the others are still checked. */
async function* findings(file: string, counts: Counts, tokens: TokenCheck | null): AsyncGenerator<Finding> {
  try {
    yield* file.endsWith('.train.json') ? configFindings(file) : rowFindings(file, counts, tokens);
  } catch (error) {
    if (!(error instanceof MarginError)) throw error;
    yield { file, line: null, column: null, severity: 'error', code: error.code, field: null, message: error.message };
  }
}

async function* rowFindings(file: string, counts: Counts, tokens: TokenCheck | null): AsyncGenerator<Finding> {
  const check = new FileCheck();
  for await (const { line, result } of readPairs(file)) {
    if (result.kind !== 'blank') counts.rows++;
    const seen = tokens && result.kind === 'pair' ? tokens.problems(line, result.pair) : [];
    for (const { side, ...problem } of [...check.line(line, result), ...seen]) yield { file, line, ...problem, field: problem.field ?? side };
  }
  for (const { count, lines, ...found } of check.finish()) {
    const message = count > 1 ? `${found.message} ${count} lines, the first: ${lines.join(', ')}.` : found.message;
    yield { file, line: lines[0] ?? null, column: null, ...found, message };
  }
}

async function* configFindings(file: string): AsyncGenerator<Finding> {
  const text = await readTrainConfig(file);
  for (const problem of checkTrainConfig(text, file).problems) yield { file, severity: 'error', code: 'config', ...problem };
}

function sentence(file: string, { line, column, severity, field, message }: Finding): string {
  const place = [file, ...(line === null ? [] : [line]), ...(column === null ? [] : [column])].join(':');
  return `${place}: ${severity}: ${field === null || message.startsWith(field) ? '' : `${field}: `}${message}`;
}

function summarise({ rows, error, warning, info }: Counts, files: number, output: Output): void {
  const number = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;
  const found = error + warning + info === 0 ? 'no problems' : [number(error, 'error'), number(warning, 'warning'), `${info} to look at`].join(', ');
  output.say(`${number(files, 'file')}, ${number(rows, 'row')}: ${found}`);
}

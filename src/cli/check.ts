import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pairKey } from '../jsonl/pairKey';
import { readPairs } from '../jsonl/readPairs';
import { checkRow } from '../pairs/checks';
import type { Problem } from '../pairs/checks';
import { DuplicateFinder } from '../pairs/duplicates';
import { MarginError } from '../pairs/marginError';
import { fileError } from '../run/fileError';
import { checkTrainConfig } from '../run/trainConfig';
import { flag, parseArguments, UsageError } from './args';
import type { Command } from './command';
import type { Output } from './output';

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
  help: `margin check FILE…

Checks each line of preference files (*.jsonl), and training configs (*.train.json). One line a problem:
FILE:LINE:COLUMN: severity: field: what is wrong and what to do.

  error    the row cannot be trained on
  warning  it can, but teaches nothing or the wrong thing; also a pair that stands twice
  info     worth a look

  --json   one JSON object a problem: file, line, column, severity, code, field, message

Exit code: 0 no errors or warnings, 1 some, or a file cannot be read, 2 wrong usage.`,

  async run(argv, { output, cwd }) {
    const args = parseArguments(argv, { help: 'flag', json: 'flag' });
    if (args.positionals.length === 0) throw new UsageError('FILE is missing');
    const counts: Counts = { rows: 0, error: 0, warning: 0, info: 0 };
    const json = flag(args, 'json');
    for (const given of args.positionals) {
      const file = resolve(cwd, given);
      for await (const finding of findings(file, counts)) {
        counts[finding.severity]++;
        if (json) output.json(finding);
        else output.line(sentence(given, finding));
        await output.drain();
        if (output.closed) break;
      }
    }
    if (!json) summarise(counts, args.positionals.length, output);
    return counts.error + counts.warning > 0 ? 1 : 0;
  },
};

/** A file that cannot be read is a finding too, so that the others are still checked. */
async function* findings(file: string, counts: Counts): AsyncGenerator<Finding> {
  try {
    yield* file.endsWith('.train.json') ? configFindings(file) : rowFindings(file, counts);
  } catch (error) {
    if (!(error instanceof MarginError)) throw error;
    yield { file, line: null, column: null, severity: 'error', code: error.code, field: null, message: error.message };
  }
}

async function* rowFindings(file: string, counts: Counts): AsyncGenerator<Finding> {
  const duplicates = new DuplicateFinder();
  for await (const { line, result } of readPairs(file)) {
    if (result.kind !== 'blank') counts.rows++;
    for (const { side, ...problem } of checkRow(result)) yield { file, line, ...problem, field: side };
    if (result.kind !== 'pair') continue;
    const first = duplicates.add(line, pairKey(result.pair));
    if (first === null) continue;
    yield { file, line, column: null, severity: 'warning', code: 'duplicate', field: null, message: `The same pair as line ${first}: delete one of the two.` };
  }
}

async function* configFindings(file: string): AsyncGenerator<Finding> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => Promise.reject(fileError(error, 'read', file)));
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

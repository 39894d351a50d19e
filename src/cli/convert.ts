import path, { resolve } from 'node:path';
import { MarginError } from '../base/pure/marginError';
import { nearest } from '../base/pure/nearest';
import { columnsOf, type Conversion, convertedLines, convertedTable, convertToFile } from '../jsonl/node/convertFiles';
import { DatasetInfoFile } from '../jsonl/node/datasetInfoFile';
import { headerRecord, rowRecord } from '../jsonl/node/writeRows/csv';
import { ReportCount, reportLines } from '../pairs/convert/report';
import { formats, judgedFormats, listFormats } from '../pairs/formats/table';
import type { Reading } from '../pairs/reading';
import { targets } from '../pairs/convert/table';
import type { ConvertOptions, Target } from '../pairs/convert/target';
import { type Arguments, choice, flag, type OptionKind, parseArguments, required, text, UsageError } from './args';
import { readingOption } from './columnsOption';
import { pairRuleOptions } from './pairRuleOptions';
import type { Command, Surroundings } from './command';
import { interruption } from './interruption';
import type { Output } from './output';
import { Progress } from './progress';

/** Milliseconds between two lines of progress with --json. */
const tellMs = 200;

const optionKinds: Readonly<Record<string, OptionKind>> = {
  help: 'flag',
  json: 'flag',
  to: 'value',
  prompt: 'value',
  style: 'value',
  out: 'value',
  strict: 'flag',
  columns: 'value',
  from: 'value',
  ...pairRuleOptions,
};

export const convert: Command = {
  summary: 'convert preference data to the shape that another tool reads',
  help: `margin convert FILE… --to ${targets.map(({ id }) => id).join('|')} [--out FILE]

Writes the rows of all files in the shape of one tool: one JSON line per row, to --out or to stdout; CSV with --to csv,
and Parquet, which needs --out, with --to parquet. Reports on stderr how many rows are written, which are left out and
why, and what the new shape does not carry, with the first lines of each. Columns that the tool does not read (scores,
ids) stay if it allows them.

${targets.map(({ id, purpose }) => `  --to ${id.padEnd(13)} ${purpose}`).join('\n')}

  --prompt PLACE       For trl, csv and parquet: explicit (default) puts the prompt into a key of its own; implicit
                       puts it at the start of both answers.
  --style STYLE        For those and kto: chat writes messages, plain writes texts. By default chats stay chats, and
                       texts stay texts. A chat can become plain text if it is one question and each answer is
                       one turn.
  --from FORMAT        Reads all rows in this format, an id of margin formats --json. By default each row's format
                       is detected.
  --columns MAP        Which key of the rows holds what, as for check.
  --pair_rule RULE     Which pairs a list of answers becomes; --pair_gap and --pair_ties go with it, as for check.
  --out FILE           The file to write. It appears complete or not at all, and replaces an older one. It must not be a
                       FILE. With llama-factory, its entry in dataset_info.json beside it is written too.
  --strict             Any loss is an error: exit code 1, and --out is not written. Rows on stdout are printed before
                       all losses are known.
  --json               Prints the report as one JSON object, to stdout with --out, else to stderr: read, written,
                       leftOut, notCarried, changed, blank, lists, notes, and losses, each with kind, detail, effect,
                       sentence, count and first. With --out, also prints {"rows"} now and then: the rows read.

Exit code: 0 success, even if the report names losses; 1 failed, or no row can be converted; 2 wrong usage.`,

  async run(argv, surroundings) {
    const args = parseArguments(argv, optionKinds);
    if (args.positionals.length === 0) throw new UsageError('FILE is missing');
    const { output, cwd } = surroundings;
    const { signal } = interruption();
    const progress = new Progress(output);
    const count = new ReportCount();
    const target = targetOf(args);
    const conversion: Conversion = {
      files: args.positionals.map((given) => resolve(cwd, given)),
      reading: await readingOf(args, surroundings),
      target,
      options: optionsOf(args, target),
      count,
      nameOf: (file) => path.relative(cwd, file),
      signal,
      strict: flag(args, 'strict'),
      onProgress: teller(progress, surroundings, args),
    };
    try {
      const notes = await written(conversion, args, surroundings);
      progress.end();
      printReport(conversion, notes, args, output);
    } catch (error) {
      progress.end();
      if (signal.aborted) throw new MarginError('interrupted', 'Stopped; no file was written.');
      if (error instanceof MarginError && isVerdict(error)) printReport(conversion, [], args, output);
      throw error;
    }
    return 0;
  },
};

/** Shows the number of rows read; with --json and --out also as a line of JSON. */
function teller(progress: Progress, { output }: Surroundings, args: Arguments): (rows: number) => void {
  const json = flag(args, 'json') && args.options.has('out');
  let last = Date.now();
  return (rows) => {
    progress.update(`${rows.toLocaleString('en')} rows read`);
    if (!json || Date.now() - last < tellMs) return;
    last = Date.now();
    output.json({ rows });
  };
}

function isVerdict({ code }: MarginError): boolean {
  return code === 'not-carried' || code === 'nothing-converted';
}

async function readingOf(args: Arguments, surroundings: Surroundings): Promise<Reading> {
  const reading = await readingOption(args, null, surroundings);
  const format = text(args, 'from');
  if (format === null) return reading;
  if (reading.columns !== null) throw new UsageError('give only one of --from and --columns');
  const ids = [...judgedFormats, ...formats, ...listFormats].map(({ id }) => id);
  if (ids.includes(format)) return { ...reading, format };
  const near = nearest(format, ids);
  const hint = near === null ? '' : `; did you mean ${near}?`;
  throw new UsageError(`--from: there is no format ${format}${hint}. margin formats --json lists them`);
}

function targetOf(args: Arguments): Target {
  const given = required(args, 'to');
  const target = targets.find(({ id }) => id === given);
  if (!target) throw new UsageError(`--to must be one of ${targets.map(({ id }) => id).join(', ')}, not ${given}`);
  return target;
}

function optionsOf(args: Arguments, { id, options }: Target): ConvertOptions {
  for (const name of ['prompt', 'style'] as const) {
    if (args.options.has(name) && !options.includes(name))
      throw new UsageError(`--${name} does not change the rows of --to ${id}`);
  }
  return {
    prompt: choice(args, 'prompt', ['explicit', 'implicit']),
    style: args.options.has('style') ? choice<'chat' | 'plain'>(args, 'style', ['chat', 'plain']) : null,
  };
}

/** Converts to --out or stdout. @returns what else the tool needs, and how the file holds the rows */
async function written(
  conversion: Conversion,
  args: Arguments,
  { output, cwd }: Surroundings,
): Promise<readonly string[]> {
  const { target, count } = conversion;
  const given = text(args, 'out');
  if (given === null) {
    await toStdout(conversion, output);
    return target.setup ? [target.setup('FILE.jsonl', count.keys)] : [];
  }
  const out = resolve(cwd, given);
  const info = target.id === 'llama-factory' ? await DatasetInfoFile.beside(out) : null;
  const notes = await convertToFile(conversion, out);
  if (info) return [...notes, `${info.path}: entry "${await info.write(count.keys)}"`];
  return target.setup ? [...notes, target.setup(path.basename(out), count.keys)] : notes;
}

async function toStdout(conversion: Conversion, output: Output): Promise<void> {
  if (conversion.target.file === 'parquet') throw new UsageError('--out is missing: Parquet is not printed');
  for await (const text of printed(conversion)) {
    output.data(text);
    await output.drain();
    // Nobody reads the rest.
    if (output.closed) return;
  }
}

async function* printed(conversion: Conversion): AsyncGenerator<string> {
  if (conversion.target.file === 'jsonl') {
    for await (const line of convertedLines(conversion)) yield `${line}\n`;
    return;
  }
  const names = (await columnsOf(conversion, 'texts')).map(({ name }) => name);
  yield headerRecord(names);
  for await (const row of convertedTable(conversion, 'texts')) yield rowRecord(row, names);
}

function printReport({ count }: Conversion, notes: readonly string[], args: Arguments, output: Output): void {
  const { report } = count;
  if (!flag(args, 'json')) for (const line of [...notes, ...reportLines(report)]) output.say(line);
  else if (args.options.has('out')) output.json({ ...report, notes });
  else output.say(JSON.stringify({ ...report, notes }));
}

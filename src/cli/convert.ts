import path, { resolve } from 'node:path';
import { MarginError } from '../base/pure/marginError';
import { type Conversion, convertFiles, convertToFile, refuseLosses } from '../jsonl/node/convertFiles';
import { DatasetInfoFile } from '../jsonl/node/datasetInfoFile';
import { ReportCount, reportLines } from '../pairs/convert/report';
import { rowText } from '../pairs/convert/rowText';
import { targets } from '../pairs/convert/table';
import type { ConvertOptions, Target } from '../pairs/convert/target';
import { detectAll } from '../pairs/reading';
import { type Arguments, choice, flag, parseArguments, required, text, UsageError } from './args';
import type { Command, Surroundings } from './command';
import { interruption } from './interruption';
import type { Output } from './output';
import { Progress } from './progress';

export const convert: Command = {
  summary: 'convert preference data to the shape that another tool reads',
  help: `margin convert FILE… --to ${targets.map(({ id }) => id).join('|')} [--out FILE]

Writes the rows of all files in the shape of one tool: one JSON line a row, to --out or to stdout. Says on stderr what
became of the rows: how many are written, which are left out and why, and what the new shape does not carry, with the
first lines of each. Columns that the tool does not read (scores, ids) stay where it allows them.

${targets.map(({ id, purpose }) => `  --to ${id.padEnd(13)} ${purpose}`).join('\n')}

  --prompt PLACE       For trl: explicit (default) puts the prompt into a key of its own; implicit puts it at the start
                       of both answers.
  --style STYLE        For trl and kto: chat writes messages, plain writes texts. By default chats stay chats, and texts
                       stay texts. Only a single question with a single answer can become plain text.
  --out FILE           The file to write. It appears complete or not at all, and replaces an older one. It must not be a
                       FILE. With llama-factory, its entry in dataset_info.json beside it is written too.
  --strict             Any loss is an error: exit code 1, and --out is not written. Rows on stdout are printed before
                       all losses are known.
  --json               Prints the report as one JSON object, to stdout with --out, else to stderr: read, written,
                       leftOut, blank, and losses, each with kind, detail, effect, sentence, count and first.

Exit code: 0 success, also if the report names losses; 1 failed, or no row can be converted; 2 wrong usage.`,

  async run(argv, surroundings) {
    const args = parseArguments(argv, {
      help: 'flag',
      json: 'flag',
      to: 'value',
      prompt: 'value',
      style: 'value',
      out: 'value',
      strict: 'flag',
    });
    if (args.positionals.length === 0) throw new UsageError('FILE is missing');
    const { output, cwd } = surroundings;
    const { signal } = interruption();
    const progress = new Progress(output);
    const count = new ReportCount();
    const target = targetOf(args);
    const conversion: Conversion = {
      files: args.positionals.map((given) => resolve(cwd, given)),
      reading: detectAll,
      target,
      options: optionsOf(args, target),
      count,
      nameOf: (file) => path.relative(cwd, file),
      signal,
      onProgress: () => progress.update(`${count.rowsRead.toLocaleString('en')} rows read`),
    };
    try {
      await written(conversion, args, surroundings);
    } catch (error) {
      progress.end();
      if (signal.aborted) throw new MarginError('interrupted', 'Stopped; no file was written.');
      if (error instanceof MarginError && isVerdict(error)) printReport(conversion, args, output);
      throw error;
    }
    progress.end();
    printReport(conversion, args, output);
    return 0;
  },
};

function isVerdict({ code }: MarginError): boolean {
  return code === 'not-carried' || code === 'nothing-converted';
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

/** Converts to --out or stdout. */
async function written(conversion: Conversion, args: Arguments, { output, cwd }: Surroundings): Promise<void> {
  const { target, count } = conversion;
  const strict = flag(args, 'strict');
  const given = text(args, 'out');
  if (given === null) {
    await toStdout(conversion, output);
    refuseLosses(count, strict);
    if (target.setup && !flag(args, 'json')) output.say(target.setup('FILE.jsonl', count.keys));
    return;
  }
  const out = resolve(cwd, given);
  const info = target.id === 'llama-factory' ? await DatasetInfoFile.beside(out) : null;
  await convertToFile(conversion, out, strict);
  if (info) output.say(`${info.path}: entry "${await info.write(count.keys)}"`);
  else if (target.setup && !flag(args, 'json')) output.say(target.setup(path.basename(out), count.keys));
}

async function toStdout(conversion: Conversion, output: Output): Promise<void> {
  const closed = new AbortController();
  const signal = conversion.signal ? AbortSignal.any([conversion.signal, closed.signal]) : closed.signal;
  const converting = convertFiles({ ...conversion, signal }, async (row, { text: line, value }) => {
    output.line(rowText(row, line, value));
    await output.drain();
    // Nobody reads the rest.
    if (output.closed) closed.abort();
  });
  await converting.catch((error: unknown) => {
    if (!output.closed) throw error;
  });
}

function printReport({ count }: Conversion, args: Arguments, output: Output): void {
  const { report } = count;
  if (!flag(args, 'json')) for (const line of reportLines(report)) output.say(line);
  else if (args.options.has('out')) output.json(report);
  else output.say(JSON.stringify(report));
}

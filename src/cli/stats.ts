import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { MarginError } from '../base/pure/marginError';
import { MarksFile } from '../jsonl/node/marks/marksFile';
import { pairKeys } from '../jsonl/node/pairKey';
import { asQueried } from '../jsonl/node/search/asQueried';
import { keyNumber } from '../pairs/keyNumber';
import { marksName } from '../pairs/marks/marksName';
import type { Mark } from '../pairs/marks/mark';
import type { Reading } from '../pairs/reading';
import type { PairResult } from '../pairs/readPair';
import { parseQuery } from '../pairs/query/parseQuery';
import { joinPages } from '../pairs/statistics/joinPages';
import { type MeasuredPage, PageMeasures } from '../pairs/statistics/measuredPage';
import { MarkTallies } from '../pairs/statistics/others';
import { type Statistics, statisticsOf } from '../pairs/statistics/statistics';
import { type Arguments, flag, parseArguments, text, UsageError } from './args';
import { columnsHelp, readingOption } from './columnsOption';
import type { Command, Surroundings } from './command';
import { interruption } from './interruption';
import { measuredInThreads } from './measureInThreads';
import { openModel } from '../engine/openModel';
import { pairRuleHelp, pairRuleOptions } from './pairRuleOptions';
import { Progress } from './progress';
import { type FoundRow, foundRows } from './queryRows';
import { changesFor, ofWholeFile, readable, refuseUnknownFields, suspectsFor } from './queryText';
import { statisticsText } from './statsReport';
import { TokenLengthsOf } from './tokenLengths';

/** Rows that are measured together. */
const pageRows = 4096;

export const stats: Command = {
  summary: 'count lengths, scores, models, first words and duplicates, and measure the bias of the labels',
  help: `margin stats FILE… [--filter QUERY] [--model DIR] [--json]

Prints statistics of each file: lengths, the gap between both answers and how often the longer one is chosen, turns,
models, sources, languages, scripts, scores and other columns with numbers, first words, repeated rows, and marks.
Then it says how far length, position, format, refusals and first words alone predict the label: a logistic regression
that is tested on held-out pairs, five-fold by prompt, with 95 % intervals. Of a list of answers, its first pair counts.

  --filter QUERY    Only the rows that QUERY finds; margin query --help has its fields.
  --model DIR       Also counts tokens, as this model's trainer gets them: a folder in Hugging Face layout, a .gguf
                    file, or the folder of an adapter.
${columnsHelp}
${pairRuleHelp}
  --json            Prints one JSON object per file: file, rows, answered, ties, pairs, longer, charts (each id, title,
                    about, kind, series, bars, facts; a bar has label, from, to, counts and queries), missing, bias.

Exit code: 0 success; 1 failed; 2 wrong usage.`,

  async run(argv, surroundings) {
    const { output, cwd } = surroundings;
    const args = parseArguments(argv, {
      help: 'flag',
      json: 'flag',
      filter: 'value',
      model: 'value',
      columns: 'value',
      data_format: 'value',
      ...pairRuleOptions,
    });
    if (args.positionals.length === 0) throw new UsageError('FILE is missing');
    for (const given of args.positionals) {
      const found = await statisticsOfFile(resolve(cwd, given), args, surroundings);
      if (flag(args, 'json')) output.json({ file: given, ...found });
      else output.line(statisticsText(given, found));
      if (output.closed) break;
      await output.drain();
    }
    return 0;
  },
};

async function statisticsOfFile(file: string, args: Arguments, surroundings: Surroundings): Promise<Statistics> {
  const { output, cwd } = surroundings;
  const condition = readable(text(args, 'filter') ?? '', parseQuery);
  refuseUnknownFields(condition, null);
  const model = text(args, 'model');
  const tokens =
    model === null ? null : new TokenLengthsOf(model, (await openModel(resolve(cwd, model), null, 'cpu')).tokenizer);
  const asked = await readingOption(args, file, surroundings);
  const marks = new MarksFile(marksName(file));
  await marks.read();
  const reading = { ...asked, ignored: marks.book.ignored };
  const { signal } = interruption();
  const progress = new Progress(output);
  const told = (count: number): void => {
    if (signal.aborted) throw new MarginError('interrupted', 'Stopped.');
    progress.update(`${count.toLocaleString('en')} rows read`);
  };
  const isPlain = text(args, 'filter') === null && tokens === null && marks.book.size === 0;
  const threads = { script: join(surroundings.programs, 'measureThread.js'), count: availableParallelism() };
  const tallies = new MarkTallies();
  let pages = isPlain ? await measuredInThreads(file, reading, threads, told) : null;
  if (pages === null) {
    const changes = await changesFor(condition, file, null, surroundings, reading);
    const wholeFile = ofWholeFile(condition);
    const suspects = await suspectsFor(condition, file);
    const known = { changes, suspects, tokens: null, rewards: null };
    const options = { reading, condition, sort: null, ofWholeFile: wholeFile, ...known };
    pages = await measuredHere(foundRows(file, options), reading, told, ({ row, result }) => {
      tallies.add(markOf(marks, result));
      tokens?.add(row, result);
    });
  }
  progress.end();
  const noModel = 'Tokens depend on a model: name one with --model.';
  return statisticsOf(joinPages(pages), { marks: tallies.counts, tokens: tokens?.lengths ?? noModel });
}

/** Measures rows in this thread. @param each gets each row, to count what the measures do not have */
async function measuredHere(
  rows: AsyncIterable<FoundRow>,
  reading: Reading,
  told: (count: number) => void,
  each: (row: FoundRow) => void,
): Promise<MeasuredPage[]> {
  const pages: MeasuredPage[] = [];
  let measures = new PageMeasures();
  let count = 0;
  for await (const row of rows) {
    measures.add(row.row, asQueried(row.text, row.result, reading));
    each(row);
    count++;
    if (count % pageRows !== 0) continue;
    told(count);
    pages.push(measures.page);
    measures = new PageMeasures();
  }
  return [...pages, measures.page];
}

/** The newest mark of a pair; null without one. */
function markOf({ book }: MarksFile, result: PairResult): Mark | null {
  if (book.size === 0 || result.kind !== 'pair') return null;
  const { own, exchanged } = pairKeys(result.pair);
  return book.marksOf(keyNumber(own), keyNumber(exchanged))[0] ?? null;
}

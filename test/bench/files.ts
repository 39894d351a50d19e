import { filtered, searched } from './filters';
import { reopened } from './reopened';
import { median, rounds, timed } from './timed';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readdirSync, readSync, rmSync, statSync, writeSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { checksOf, columnsOf } from '../../src/host/pairEditor/pageWork';
import { at, must } from '../../src/base/pure/must';
import { seededRandom } from '../../src/base/pure/seededRandom';
import { CheckThreads } from '../../src/host/pairEditor/node/checkThreads';
import { RowScan } from '../../src/editor/rowScan';
import { RowColumns } from '../../src/editor/rowColumns';
import { FileFindings } from '../../src/editor/fileFindings';
import { IndexStore } from '../../src/jsonl/node/indexStore';
import { LinesDocument } from '../../src/jsonl/node/document';
import { ColumnsInThreads } from '../../src/jsonl/node/columns/pageColumns';
import { IndexThreads } from '../../src/jsonl/node/scan/indexThreads';
import { SearchInThread } from '../../src/jsonl/node/search/pageSearch';
import { LineSplitter } from '../../src/jsonl/lineSplitter';
import { detectAll } from '../../src/pairs/reading';
import { spread, watchProcess } from './measure';

/** As the editor has them. */
const threadCount = Math.min(2, availableParallelism());
const pageRows = 100;

interface Plan {
  readonly name: string;
  readonly megabytes: number;
  /** Bytes of a row, about. */
  readonly rowBytes: number;
}

/**
 * How long the editor needs for large files, beside programs that do nothing but count the line ends or parse the rows.
 * The files are generated. @returns a table
 */
export async function measureFiles(folder: string, megabytes: number, say: (text: string) => void): Promise<string> {
  const plans: readonly Plan[] = [
    { name: 'long rows', megabytes, rowBytes: 5000 },
    { name: 'short rows', megabytes: megabytes / 2, rowBytes: 100 },
  ];
  const columns: Line[][] = [];
  for (const plan of plans) {
    const file = join(folder, 'large.jsonl');
    say(`${plan.name}: writing ${plan.megabytes} MB`);
    writeRows(file, plan);
    columns.push(await measureFile(file, plan.name, say));
    rmSync(file);
  }
  const lines = at(columns, 0).map(
    ([name], i) => `| ${[name, ...columns.map((column) => at(column, i)[1])].join(' | ')} |`,
  );
  return [`\n| | ${plans.map(({ name }) => name).join(' | ')} |`, '|---|---|---|', ...lines].join('\n');
}

type Line = readonly [name: string, value: string];

async function measureFile(file: string, name: string, say: (text: string) => void): Promise<Line[]> {
  say(`${name}: reading`);
  const count = await median(() => timed(() => ended(spawn('wc', ['-l', file], { stdio: 'ignore' }))));
  const indexThreads = new IndexThreads(resolve('dist/indexThread.js'), availableParallelism());
  const index = await median(() => timed(() => indexed(file, indexThreads)));
  const again = await openedAgain(file, indexThreads);
  say(`${name}: checking at the command line`);
  const atOnce = await checkedBesideParse(file);
  say(`${name}: checking in the editor`);
  const parse = await timed(() => parseInProcesses(file, threadCount));
  const threads = new CheckThreads(resolve('dist/checkThread.js'), threadCount);
  globalThis.gc?.();
  const before = process.memoryUsage();
  const first = performance.now();
  const lines = await LinesDocument.open(file, { threads: indexThreads });
  while (lines.rowCount < pageRows) await new Promise((done) => setImmediate(done));
  await lines.lines(0, pageRows);
  const firstRows = performance.now() - first;
  const findings = new FileFindings(
    lines,
    () => detectAll,
    checksOf(lines, threads),
    () => undefined,
  );
  const scan = await scanned(lines, threads, findings);
  const checked = performance.now() - first;
  globalThis.gc?.();
  const after = process.memoryUsage();
  const rows = lines.rowCount;
  const anyRow = await longest(50, (random) => lines.lines(Math.floor(random() * (rows - pageRows)), pageRows));
  const bytes = statSync(file).size;
  const pages = new SearchInThread(resolve('dist/searchThread.js'));
  const pageColumns = new ColumnsInThreads(resolve('dist/columnThread.js'), threadCount);
  const columns = new RowColumns(lines, () => detectAll, columnsOf(lines, pageColumns));
  const searcher = { lines, pages, columns, scan };
  const search = await median(() => timed(() => searched(searcher, 'wombat')));
  const reading = await median(() => timed(async () => readWith(file, () => 0)));
  const bare = await median(() => timed(async () => readWith(file, (bytes) => bytes.indexOf('wombat'))));
  const filters = [...(await filtered(searcher)), ...(await reopened(file, { ...searcher, pageColumns }))];
  scan.close();
  findings.close();
  await lines.close();
  threads.close();
  indexThreads.close();
  pages.close();
  columns.close();
  pageColumns.close();
  const grown = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
  return [
    ['rows, MB', `${rows.toLocaleString('en')}, ${(bytes / 1e6).toFixed(0)}`],
    ['index, s (beside `wc -l`)', `${(index / 1000).toFixed(2)} (${ratio(index, count)})`],
    ['opened again with the stored index, ms (beside the index)', `${again.toFixed(0)} (${ratio(again, index)})`],
    [
      `index + checks, s (beside ${threadCount} processes that only parse)`,
      `${(checked / 1000).toFixed(1)} (${ratio(checked, parse)})`,
    ],
    [
      `\`margin check\`, s (beside ${availableParallelism()} processes that only parse)`,
      `${(atOnce.check / 1000).toFixed(1)} (${ratio(atOnce.check, atOnce.parse)})`,
    ],
    ['… memory at peak, MB', atOnce.megabytes.toFixed(0)],
    ['first 100 rows, ms', firstRows.toFixed(0)],
    ['any 100 rows, ms, the slowest of 50', anyRow.toFixed(1)],
    [
      'a word in all rows, MB/s of one thread (beside reading and `Buffer.indexOf`; beside reading)',
      `${(bytes / 1e3 / search).toFixed(0)} (${ratio(search, bare)}; ${ratio(search, reading)})`,
    ],
    ...filters,
    ['memory of index, facts and findings, bytes a row', (grown / rows).toFixed(0)],
  ];
}

async function indexed(file: string, threads: IndexThreads, store: IndexStore | null = null): Promise<void> {
  const known = await store?.load(file);
  const lines = await LinesDocument.open(file, { threads, ...(known && { known }) });
  await lines.whenIndexed();
  await store?.keep(lines.file);
  await lines.close();
}

/** Milliseconds until all rows are known of a file that was opened before. */
async function openedAgain(file: string, threads: IndexThreads): Promise<number> {
  const folder = `${file}.indexes`;
  const warn = (message: string): never => {
    throw new Error(message);
  };
  await indexed(file, threads, new IndexStore(folder, warn));
  if (readdirSync(folder).length !== 1) throw new Error('The index was not stored');
  const ms = await median(() => timed(() => indexed(file, threads, new IndexStore(folder, warn))));
  rmSync(folder, { recursive: true });
  return ms;
}

async function scanned(lines: LinesDocument, threads: CheckThreads, findings: FileFindings): Promise<RowScan> {
  let done: () => void = () => undefined;
  const complete = new Promise<void>((found) => (done = found));
  const changed = (): void => {
    if (scan.isComplete) done();
  };
  const scan = new RowScan(
    lines,
    () => detectAll,
    checksOf(lines, threads),
    (page) => findings.feed(page),
    changed,
  );
  await complete;
  findings.soon();
  if (!findings.areKnown) throw new Error('The file was not checked in one pass');
  return scan;
}

/** Reads a file, a megabyte at a time. */
function readWith(file: string, look: (bytes: Buffer) => number): void {
  const handle = openSync(file, 'r');
  const buffer = Buffer.alloc(1 << 20);
  for (let read = readSync(handle, buffer); read > 0; read = readSync(handle, buffer)) look(buffer.subarray(0, read));
  closeSync(handle);
}

/** Starts processes that share the parts of the file, and do nothing but parse them. */
async function parseInProcesses(file: string, count: number): Promise<void> {
  const script = process.argv[1];
  const run = (part: number): Promise<void> =>
    ended(spawn(process.execPath, [must(script, 'this program'), '--parse', file, String(part), String(count)]));
  await Promise.all(Array.from({ length: count }, (_, part) => run(part)));
}

/** `margin check` and the processes that only parse, on all cores, in turn. Milliseconds, the medians. */
async function checkedBesideParse(
  file: string,
): Promise<{ readonly check: number; readonly parse: number; readonly megabytes: number }> {
  const [checks, parses]: [number[], number[]] = [[], []];
  let megabytes = 0;
  for (let round = 0; round < rounds; round++) {
    parses.push(await timed(() => parseInProcesses(file, availableParallelism())));
    checks.push(
      await timed(async () => {
        const child = spawn(process.execPath, [resolve('dist/cli.js'), 'check', file], { stdio: 'ignore' });
        const end = ended(child);
        const usage = await watchProcess(must(child.pid, 'the process'), end);
        megabytes = Math.max(megabytes, usage.resident);
        await end;
      }),
    );
  }
  return { check: spread(checks).median, parse: spread(parses).median, megabytes };
}

/** Reads one of `parts` parts of a file and parses its lines. */
export function parsePart(file: string, part: number, parts: number): void {
  const handle = openSync(file, 'r');
  const { size } = statSync(file);
  const buffer = Buffer.alloc(1 << 20);
  const splitter = new LineSplitter(file);
  const end = Math.floor((size * (part + 1)) / parts);
  for (let position = Math.floor((size * part) / parts); position < end;) {
    const read = readSync(handle, buffer, 0, Math.min(buffer.length, end - position), position);
    for (const line of splitter.push(buffer.subarray(0, read))) parseLine(line);
    position += read;
  }
  closeSync(handle);
}

function parseLine(line: string): void {
  try {
    JSON.parse(line);
  } catch {
    // The line at which the parts meet.
  }
}

/** Writes pairs of made-up sentences. */
export function writeRows(file: string, { megabytes, rowBytes }: Plan): void {
  const random = seededRandom(12);
  const words = 'the sea is wide and deep and nobody has seen all of it when storms come from the north'.split(' ');
  const text = (length: number): string => {
    let made = '';
    while (made.length < length)
      made += `${at(words, Math.floor(random() * words.length))}${random() < 0.03 ? '.\n\n' : ' '}`;
    return made.trim();
  };
  const handle = openSync(file, 'w');
  const answerBytes = Math.max(8, (rowBytes - 60) * 0.4);
  for (let [written, row] = [0, 0]; written < megabytes * 1e6;) {
    const lines = Array.from({ length: 1000 }, () => {
      const prompt = `Question ${row++}: ${text(answerBytes / 2)}?`;
      return `${JSON.stringify({ prompt, chosen: `${text(answerBytes)}.`, rejected: `${text(answerBytes)}.` })}\n`;
    });
    written += writeSync(handle, lines.join(''));
  }
  closeSync(handle);
}

async function ended(child: ReturnType<typeof spawn>): Promise<void> {
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${child.spawnfile} ended with ${code}`);
}

async function longest(times: number, work: (random: () => number) => Promise<unknown>): Promise<number> {
  const random = seededRandom(7);
  let most = 0;
  for (let time = 0; time < times; time++) most = Math.max(most, await timed(() => work(random)));
  return most;
}

function ratio(ours: number, theirs: number): string {
  return `${(ours / theirs).toFixed(1)}×`;
}

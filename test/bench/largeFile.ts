import { spawnSync } from 'node:child_process';
import { closeSync, copyFileSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { at, must } from '../../src/base/pure/must';
import { seededRandom } from '../../src/base/pure/seededRandom';
import { LinesDocument } from '../../src/jsonl/node/document';
import { IndexThreads } from '../../src/jsonl/node/scan/indexThreads';
import { SearchInThread } from '../../src/jsonl/node/search/pageSearch';
import { writeRows } from './files';
import { timed } from './timed';

/** How many times the rows are found and counted. */
const rounds = 15;
const roundsAbove2GB = 2;
const pageRows = 100;
/** The rows of a block are repeated until the file is as large as was asked for. */
const blockMegabytes = 8;

type Line = readonly [name: string, value: string];

/**
 * Opens one large file as the editor does, without checks; goes to rows, searches, edits a row and saves. Finding the
 * rows is compared with `wc -l`; the two run in turn. The best time of each counts, because other programs only make
 * both slower.
 *
 * @returns a table
 */
export async function measureLargeFile(folder: string, megabytes: number, rowBytes: number): Promise<string> {
  const file = join(folder, 'large.jsonl');
  repeatRows(file, megabytes, rowBytes);
  const threads = new IndexThreads(resolve('dist/indexThread.js'), availableParallelism());
  // Memory is compared before the file was ever read.
  const opened = await documentLines(file, threads);
  const lines = [...opened, ...(await indexLines(file, threads))];
  threads.close();
  rmSync(file);
  return ['| | |', '|---|---|', ...lines.map(([name, value]) => `| ${name} | ${value} |`)].join('\n');
}

async function indexLines(file: string, threads: IndexThreads): Promise<Line[]> {
  const best = { count: Infinity, countCpu: Infinity, index: Infinity, indexCpu: Infinity };
  for (let round = 0; round < (statSync(file).size > 2e9 ? roundsAbove2GB : rounds); round++) {
    let cpu = 0;
    best.count = Math.min(best.count, await timed(async () => (cpu = counted(file))));
    best.countCpu = Math.min(best.countCpu, cpu);
    const before = process.cpuUsage();
    best.index = Math.min(best.index, await timed(() => indexed(file, threads)));
    const { user, system } = process.cpuUsage(before);
    best.indexCpu = Math.min(best.indexCpu, (user + system) / 1000);
  }
  const { count, countCpu, index, indexCpu } = best;
  return [
    ['index, ms (beside `wc -l`)', `${index.toFixed(0)} (${(index / count).toFixed(1)}×)`],
    ['… processor time on all cores, ms', `${indexCpu.toFixed(0)} (${(indexCpu / countCpu).toFixed(1)}×)`],
  ];
}

/** Runs `wc -l`. @returns milliseconds of its processor time */
function counted(file: string): number {
  const { stderr } = spawnSync('bash', ['-c', 'TIMEFORMAT="%U %S"; time wc -l "$0"', file], { encoding: 'utf8' });
  const [user, system] = stderr.trim().split(' ').map(Number);
  return 1000 * (must(user, 'the time') + must(system, 'the time'));
}

async function indexed(file: string, threads: IndexThreads): Promise<void> {
  const lines = await LinesDocument.open(file, { threads });
  await lines.whenIndexed().finally(() => lines.close());
}

async function documentLines(file: string, threads: IndexThreads): Promise<Line[]> {
  globalThis.gc?.();
  const before = process.memoryUsage();
  const blocked = monitorEventLoopDelay({ resolution: 1 });
  blocked.enable();
  const started = performance.now();
  const lines = await LinesDocument.open(file, { threads });
  while (lines.rowCount < pageRows) await new Promise((done) => setImmediate(done));
  await lines.lines(0, pageRows);
  const first = performance.now() - started;
  await lines.whenIndexed();
  const all = performance.now() - started;
  blocked.disable();
  globalThis.gc?.();
  const { arrayBuffers, heapUsed, rss } = process.memoryUsage();
  const rows = lines.rowCount;
  const bytesARow = (arrayBuffers + heapUsed - before.arrayBuffers - before.heapUsed) / rows;
  const last = await timed(() => lines.lines(rows - pageRows, pageRows));
  const random = seededRandom(7);
  let any = 0;
  for (let i = 0; i < 50; i++)
    any = Math.max(any, await timed(() => lines.lines(Math.floor(random() * (rows - pageRows)), pageRows)));
  const search = await timed(() => searched(lines, 'wombat'));
  const save = await saved(lines, file);
  await lines.close();
  const { size } = statSync(file);
  return [
    ['rows, MB', `${rows.toLocaleString('en')}, ${(size / 1e6).toFixed(0)}`],
    ['first 100 rows, ms', first.toFixed(0)],
    ['all rows known, ms', all.toFixed(0)],
    ['longest time that the thread of the editor did nothing else meanwhile, ms', (blocked.max / 1e6).toFixed(0)],
    ['last 100 rows, ms', last.toFixed(1)],
    ['any 100 rows, ms, the slowest of 50', any.toFixed(1)],
    ['a word that no row has, MB/s of one thread', (size / 1e3 / search).toFixed(0)],
    ['an edit and a save, s (beside `copyFileSync`)', save],
    ['memory of the index, bytes a row', bytesARow.toFixed(1)],
    ['resident, MB', (rss / 1e6).toFixed(0)],
  ];
}

async function searched(lines: LinesDocument, word: string): Promise<void> {
  const pages = new SearchInThread(resolve('dist/searchThread.js'));
  for (let from = 0; from < lines.rowCount;) {
    const most = Math.min(1 << 16, lines.rowCount - from);
    const page = await lines.read(from, most, (source, runs) => pages.search(source.lines, runs, [word]));
    from += page.count;
  }
  pages.close();
}

/** Changes the row in the middle, saves, and checks that it is there, in a file of the right size. */
async function saved(lines: LinesDocument, file: string): Promise<string> {
  const { size } = statSync(file);
  const copy = await timed(async () => copyFileSync(file, `${file}.copy`));
  rmSync(`${file}.copy`);
  const row = Math.floor(lines.rowCount / 2);
  const previous = at(await lines.lines(row, 1), 0);
  const line = previous.replace('"chosen"', '"chosen_"');
  lines.applyEdit({ op: 'replace', row, line, previous });
  const save = await timed(() => lines.save());
  const now = at(await lines.lines(row, 1), 0);
  if (now !== line || statSync(file).size !== size + 1) throw new Error('The edit is not in the file');
  return `${(save / 1000).toFixed(1)} (${(save / copy).toFixed(1)}×)`;
}

function repeatRows(file: string, megabytes: number, rowBytes: number): void {
  writeRows(file, { name: 'a block', megabytes: Math.min(blockMegabytes, megabytes), rowBytes });
  const block = readFileSync(file);
  const handle = openSync(file, 'a');
  for (let written = block.length; written < megabytes * 1e6; written += block.length) writeSync(handle, block);
  closeSync(handle);
}

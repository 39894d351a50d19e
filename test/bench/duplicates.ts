import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { must } from '../../src/base/pure/must';
import { watchProcess } from './measure';
import { type Planted, plantedRows } from './plantDuplicates';

const threshold = 0.8;
const seed = 13;

interface Place {
  readonly row: number;
}

interface Group {
  readonly kind: string;
  readonly rows?: readonly (Place & { readonly like?: Place })[];
}

/**
 * How many of the near duplicates that were planted among many rows `margin duplicates` finds, how many of those that
 * it finds were planted, and how long it takes.
 */
export async function measureDuplicates(folder: string, count: number): Promise<string> {
  const file = join(folder, 'planted.jsonl');
  const planted = writePlanted(file, count);
  const size = statSync(file).size;
  const { groups, seconds, processor, megabytes } = await found(file);
  const groupOf = new Map<number, number>();
  const links: { readonly row: number; readonly like: number }[] = [];
  for (const [i, { rows = [] }] of groups.entries())
    for (const { row, like } of rows) {
      groupOf.set(row, i);
      if (like) links.push({ row, like: like.row });
    }
  const family = new Map(planted.map(({ row, from }) => [row, from]));
  const familyOf = (row: number): number => family.get(row) ?? row;
  const wanted = planted.filter(({ similarity }) => similarity >= threshold);
  const hit = wanted.filter(({ row, from }) => groupOf.has(row) && groupOf.get(row) === groupOf.get(from));
  const right = links.filter(({ row, like }) => familyOf(row) === familyOf(like));
  const lines = [
    ['rows, MB', `${count.toLocaleString('en')}, ${Math.round(size / 1e6)}`],
    [
      'planted, of these at 0.8 or more',
      `${planted.length.toLocaleString('en')}, ${wanted.length.toLocaleString('en')}`,
    ],
    ['recall', (hit.length / wanted.length).toFixed(4)],
    ...kindLines(wanted, new Set(hit)),
    ['precision', (right.length / links.length).toFixed(4)],
    ['seconds', seconds.toFixed(1)],
    ['… of processor, all threads', processor.toFixed(1)],
    ['memory at peak, MB', megabytes.toFixed(0)],
  ];
  return ['\n| | |', '|---|---|', ...lines.map((line) => `| ${line.join(' | ')} |`)].join('\n');
}

function kindLines(wanted: readonly Planted[], hit: ReadonlySet<Planted>): string[][] {
  const kinds = [...new Set(wanted.map(({ planting }) => planting))].sort();
  return kinds.map((kind) => {
    const all = wanted.filter(({ planting }) => planting === kind);
    return [`… ${kind}`, (all.filter((one) => hit.has(one)).length / all.length).toFixed(4)];
  });
}

function writePlanted(file: string, count: number): Planted[] {
  const planted: Planted[] = [];
  const handle = openSync(file, 'w');
  let lines: string[] = [];
  for (const made of plantedRows(count, seed)) {
    if (made.planted) planted.push(made.planted);
    lines.push(`${JSON.stringify(made.row)}\n`);
    if (lines.length < 1000) continue;
    writeSync(handle, lines.join(''));
    lines = [];
  }
  writeSync(handle, lines.join(''));
  closeSync(handle);
  return planted;
}

interface Found {
  readonly groups: readonly Group[];
  readonly seconds: number;
  readonly processor: number;
  readonly megabytes: number;
}

async function found(file: string): Promise<Found> {
  const started = performance.now();
  const args = [resolve('dist/cli.js'), 'duplicates', file, '--threshold', String(threshold), '--json'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  const usage = watchProcess(must(child.pid, 'the process'), closed);
  const groups: Group[] = [];
  for await (const line of createInterface({ input: child.stdout })) groups.push(JSON.parse(line) as Group);
  const [code] = (await closed) as [number | null];
  if (code !== 0) throw new Error(`margin duplicates ended with ${code}`);
  const seconds = (performance.now() - started) / 1000;
  const { resident, cpuAt } = await usage;
  return { groups: groups.filter(({ rows }) => rows), seconds, processor: cpuAt(Date.now()), megabytes: resident };
}

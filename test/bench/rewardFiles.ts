import { mkdir, stat, truncate, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { at, must } from '../../src/base/pure/must';
import { seededRandom } from '../../src/base/pure/seededRandom';
import { runPaths } from '../../src/run/folder';
import { columnsPath, writeColumns } from '../../src/run/rewardColumns/columnFile';
import { MemoryColumns } from '../../src/run/rewardColumns/columnsBuilder';
import { PairKeys } from '../../src/run/rewardColumns/pairKeys';
import { type ColumnName, columnNames, isWhole } from '../../src/run/rewardColumns/rewardColumns';
import type { PairReward } from '../../src/run/types';

/** Lines written at a time. */
const chunk = 10_000;
/** 2⁶⁴ / φ, whose multiples are spread as hashes are. */
const keyStep = 0x9e37_79b9_7f4a_7c15n;
/** The key of the first pair. */
export const firstKey = keyStep.toString(16);

type Numbers = Record<Exclude<ColumnName, 'label'>, number>;

/**
 * Writes the rewards of a run: columns for all steps. Only the last step has its lines: those of the others are a file
 * of the same size without content, which nobody reads, as with any run whose columns are made.
 */
export async function writeRewardFiles(folder: string, pairs: number, steps: number): Promise<void> {
  const keys = keysOf(pairs);
  for (let step = 1; step <= steps; step++) {
    const path = runPaths.rewards(folder, step);
    await mkdir(dirname(path), { recursive: true });
    const columns = columnsAt(step, steps, keys);
    await writeFile(path, '');
    if (step === steps) await writeLines(path, columns);
    else await truncate(path, 300 * pairs);
    const { size, mtimeNs } = await stat(path, { bigint: true });
    await writeColumns(must(columnsPath(path), 'columns'), columns, { size: String(size), mtime: String(mtimeNs) });
  }
}

function keysOf(pairs: number): PairKeys {
  const keys = new BigUint64Array(pairs);
  for (let row = 0; row < pairs; row++) keys[row] = BigInt(row + 1) * keyStep;
  return new PairKeys(new Uint32Array(keys.buffer));
}

function columnsAt(step: number, steps: number, keys: PairKeys): MemoryColumns {
  const random = seededRandom(step);
  const columns = new Map(
    columnNames.map((name) => [name, isWhole(name) ? new Int32Array(keys.count) : new Float64Array(keys.count)]),
  );
  must(columns.get('label'), 'label').fill(-1);
  for (let row = 0; row < keys.count; row++)
    for (const [name, value] of Object.entries(numbersOf(row, step / steps, random)))
      must(columns.get(name as ColumnName), name)[row] = value;
  return new MemoryColumns(keys, columns);
}

/** Margins grow over the steps, at another pace in each pair, with some noise. @param part of the run, 0 to 1 */
function numbersOf(row: number, part: number, random: () => number): Numbers {
  const pace = ((row * 7919) % 1000) / 1000 - 0.2;
  const wanted = pace * part + (random() - 0.5) / 4;
  const [chosen, rejected] = [wanted / 2 - part / 5, -wanted / 2 - part / 5];
  const [ofChosen, ofRejected] = [50 + (row % 300), 50 + (row % 277)];
  return {
    row,
    line: row + 1,
    margin: chosen - rejected,
    'chosen.logp': -ofChosen * 2 + chosen * 10,
    'chosen.ref_logp': -ofChosen * 2,
    'chosen.reward': chosen,
    'chosen.tokens': ofChosen,
    'rejected.logp': -ofRejected * 2 + rejected * 10,
    'rejected.ref_logp': -ofRejected * 2,
    'rejected.reward': rejected,
    'rejected.tokens': ofRejected,
  };
}

async function writeLines(path: string, columns: MemoryColumns): Promise<void> {
  const keys = await columns.keys();
  const all = new Map<ColumnName, Float64Array | Int32Array>();
  for (const name of columnNames) all.set(name, await columns.column(name));
  const value = (name: ColumnName, place: number): number => at(must(all.get(name), name), place);
  for (let from = 0; from < columns.count; from += chunk) {
    const lines = Array.from({ length: Math.min(chunk, columns.count - from) }, (_, i) => {
      const side = (name: 'chosen' | 'rejected'): PairReward['chosen'] => ({
        logp: value(`${name}.logp`, from + i),
        ref_logp: value(`${name}.ref_logp`, from + i),
        reward: value(`${name}.reward`, from + i),
        tokens: value(`${name}.tokens`, from + i),
      });
      const [row, line, margin] = (['row', 'line', 'margin'] as const).map((name) => value(name, from + i));
      const key = keys.textAt(from + i);
      return `${JSON.stringify({ row, line, key, chosen: side('chosen'), rejected: side('rejected'), margin })}\n`;
    });
    await writeFile(path, lines.join(''), { flag: 'a' });
  }
}

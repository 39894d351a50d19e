import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { cacheFolder } from '../../src/base/node/cacheFolder';
import { must } from '../../src/base/pure/must';
import { Draw } from '../../src/dev/sample/draw';
import { preferences } from '../../src/dev/sample/preferences';
import type { CleaningResult } from '../../src/pairs/cleaning/cleaningResult';
import { pointsText } from '../../src/pairs/cleaning/cleaningText';
import { plantFlips, type PlainRow } from './plantFlips';
import { readShortRows } from './rows';

const sampleModel = resolve('media/sample/model');
const sampleSeed = 20261123;
/** The rows of the sample’s world: many held-out ones, so that a gain of two points shows. */
const worldRows = 2400;
const worldOptions = ['--eval', '0.75', '--epochs', '4', '--learning_rate', '2e-3'];
const rates = [0.2, 0];

/**
 * Whether `margin cleaning` says that cleaning pays where flips were planted, and that it does not on clean rows. Files
 * and runs stay in the cache folder, so a bench that was stopped continues.
 *
 * @param model trains on llms-from-scratch rows; not used by `quick`
 * @param quick only pairs of the sample’s world, with the sample’s model
 */
export async function measureCleaning(
  model: string | null,
  quick: boolean,
  say: (text: string) => void,
): Promise<void> {
  const folder = join(cacheFolder(), 'bench-cleaning');
  mkdirSync(join(folder, 'runs'), { recursive: true });
  for (const rate of rates) {
    const name = `sample-${worldRows}-${rate}`;
    say(`\n${name}`);
    const file = await written(
      folder,
      name,
      () => plantFlips(worldPairs(), { rate, seed: 1, planting: 'uniform' }).rows,
    );
    say(tableOf(await cleaned(file, sampleModel, worldOptions, folder)));
  }
  if (quick) return;
  for (const rate of rates) {
    const name = `llms-from-scratch-${rate}`;
    say(`\n${name}`);
    const rows = (): readonly PlainRow[] =>
      plantFlips(readShortRows(1100).rows, { rate, seed: 1, planting: 'uniform' }).rows;
    say(tableOf(await cleaned(await written(folder, name, rows), model ?? sampleModel, [], folder)));
  }
}

/** Different pairs of the sample’s world, drawn several times. */
function worldPairs(): PlainRow[] {
  const found = new Map<string, PlainRow>();
  for (let drawn = 0; found.size < worldRows; drawn++)
    for (const pair of preferences(new Draw(sampleSeed + 100 * drawn))) found.set(JSON.stringify(pair), pair);
  return [...found.values()].slice(0, worldRows);
}

async function written(folder: string, name: string, rowsOf: () => readonly PlainRow[]): Promise<string> {
  const file = join(folder, `${name}.jsonl`);
  if (!existsSync(file))
    await writeFile(
      file,
      rowsOf()
        .map((row) => `${JSON.stringify(row)}\n`)
        .join(''),
    );
  return file;
}

async function cleaned(
  file: string,
  model: string,
  options: readonly string[],
  folder: string,
): Promise<CleaningResult> {
  const args = ['cleaning', file, '--model', model, '--output_dir', join(folder, 'runs'), '--json', ...options];
  const child = spawn(process.execPath, [resolve('dist/cli.js'), ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  const lines: object[] = [];
  for await (const text of createInterface({ input: child.stdout })) lines.push(JSON.parse(text) as object);
  const [code] = (await closed) as [number | null];
  if (code !== 0) throw new Error(`margin cleaning ended with ${code}`);
  return must(
    lines.find((line): line is CleaningResult => 'verdict' in line),
    'the result',
  );
}

function tableOf({ text, arms, gains }: CleaningResult): string {
  const percent = (share: number): string => (100 * share).toFixed(1);
  return [
    text,
    '',
    '| | rows | held-out accuracy, % (95 %) | on rows called clean |',
    '|---|---|---|---|',
    ...arms.map(({ name, rows, accuracy: { share, low, high }, clean }) => {
      const beside = clean ? percent(clean.share) : '';
      return `| ${name} | ${rows} | ${percent(share)} (${percent(low)} to ${percent(high)}) | ${beside} |`;
    }),
    '',
    ...gains.map((gain) => `cleaned − ${gain.over}, ${gain.on}: ${pointsText(gain)}, p ${gain.p.toFixed(4)}`),
  ].join('\n');
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { cacheFolder } from '../../src/base/node/cacheFolder';
import { at, must } from '../../src/base/pure/must';
import { type Planting, plantFlips } from './plantFlips';
import { type BenchRows, readLongRows, readShortRows, writeRows } from './rows';
import { baselines, type Quality, qualityOf, reliability } from './suspectScores';

/** Rows with planted flips, and the options of `margin suspects` for them. */
interface Trial {
  readonly name: string;
  readonly rows: BenchRows;
  readonly rate: number;
  readonly planting: Planting;
  readonly seed: number;
}

const rates = [0.05, 0.1, 0.2];
const seeds = [1, 2, 3];
const quickRows = 300;
const allRows = 1100;

/**
 * How well `margin suspects --model` finds planted flips, compared with simpler scores of the same runs. Files and runs
 * stay in the cache folder, so a bench that was stopped continues, and a repeated one only computes the table.
 *
 * @param options `quick`: 300 rows, 10 % flips, one seed: two runs. Without it: 42 runs on up to 1,100 rows, for a
 *   night. `crossFit`: the number of folds, which is also that of runs in place of one
 */
export async function measureSuspects(
  model: string,
  { quick, crossFit }: { readonly quick: boolean; readonly crossFit: string | null },
  say: (text: string) => void,
): Promise<void> {
  const folder = join(cacheFolder(), 'bench-suspects');
  mkdirSync(join(folder, 'runs'), { recursive: true });
  for (const trial of quick ? quickTrials() : allTrials()) {
    say(`\n${trial.name}: ${trial.rows.rows.length} rows`);
    say(await measureTrial(trial, model, folder, crossFit));
  }
}

function quickTrials(): Trial[] {
  return [{ name: 'quick', rows: readShortRows(quickRows), rate: 0.1, planting: 'uniform', seed: 1 }];
}

function allTrials(): Trial[] {
  const short = readShortRows(allRows);
  const long = readLongRows(allRows);
  const trial = (rows: BenchRows, rate: number, planting: Planting, seed: number): Trial => ({
    name: `${rows.name}, ${planting} ${rate}, seed ${seed}`,
    rows,
    rate,
    planting,
    seed,
  });
  return seeds.flatMap((seed) => [
    ...rates.map((rate) => trial(short, rate, 'uniform', seed)),
    trial(short, 0.1, 'structured', seed),
    trial(short, 0, 'uniform', seed),
    ...(long ? [trial(long, 0.1, 'uniform', seed), trial(long, 0, 'uniform', seed)] : []),
  ]);
}

async function measureTrial(
  { rows, rate, planting, seed }: Trial,
  model: string,
  folder: string,
  crossFit: string | null,
): Promise<string> {
  const name = `${rows.name.replaceAll(/[^a-z0-9]+/gi, '-')}-${rows.rows.length}-${planting}-${rate}-${seed}.jsonl`;
  const made = plantFlips(rows.rows, { rate, seed, planting });
  const file = join(folder, name);
  if (!existsSync(file)) await writeRows(file, { name, rows: made.rows });
  const { suspects, last } = await judged(file, model, join(folder, 'runs'), crossFit);
  const planted = suspects.map(({ row }) => at(made.planted, row));
  const { noise, measurements } = last;
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const count = planted.reduce((sum, one) => sum + one, 0);
  const lines = [
    `planted ${percent(count / planted.length)}, estimated ${percent(noise.rate)} (${percent(noise.low)} to ${percent(noise.high)})`,
  ];
  const probabilities = suspects.map(({ probability }) => probability);
  if (count > 0) {
    const last_ = must(
      measurements.findLast(({ run }) => run === at(measurements, 0).run),
      'a measurement',
    );
    const methods = [
      // Rows whose probabilities are both next to 0 or 1 are told apart by their margins.
      { name: '`margin suspects`', scores: suspects.map((one) => one.probability - 1e-9 * one.margin) },
      { name: 'mean margin of all runs', scores: suspects.map(({ margin }) => -margin) },
      // With folds, no file of rewards has all rows.
      ...(crossFit === null
        ? baselines(
            last_.file,
            suspects.map(({ row }) => row),
          )
        : []),
    ];
    lines.push('', '| | precision at k | lift | AUC |', '|---|---|---|---|');
    for (const { name: method, scores } of methods)
      lines.push(line(method, qualityOf(scores, planted), count / planted.length));
  }
  lines.push(
    '',
    '| probability | rows | said | planted |',
    '|---|---|---|---|',
    ...reliability(probabilities, planted),
  );
  return lines.join('\n');
}

function line(name: string, { precision, auc }: Quality, chance: number): string {
  return `| ${name} | ${precision.toFixed(3)} | ${(precision / chance).toFixed(1)}× | ${auc.toFixed(3)} |`;
}

interface Judged {
  readonly row: number;
  readonly probability: number;
  readonly margin: number;
}

interface Last {
  readonly noise: { readonly rate: number; readonly low: number; readonly high: number };
  readonly measurements: readonly { readonly run: string; readonly file: string }[];
}

/** Runs `margin suspects`, which trains the runs that do not exist yet. */
async function judged(
  file: string,
  model: string,
  runs: string,
  crossFit: string | null,
): Promise<{ readonly suspects: readonly Judged[]; readonly last: Last }> {
  const args = ['suspects', file, '--model', model, '--output_dir', runs, '--json'];
  if (crossFit !== null) args.push('--cross_fit', crossFit);
  const child = spawn(process.execPath, [resolve('dist/cli.js'), ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  const lines: object[] = [];
  for await (const text of createInterface({ input: child.stdout })) lines.push(JSON.parse(text) as object);
  const [code] = (await closed) as [number | null];
  if (code !== 0) throw new Error(`margin suspects ended with ${code}`);
  return {
    suspects: lines.filter((one): one is Judged => 'verdict' in one),
    last: must(
      lines.find((one): one is Last => 'noise' in one),
      'the noise',
    ),
  };
}

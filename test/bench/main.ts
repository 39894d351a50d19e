import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, freemem, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openPeer, type Peer } from '../peer/environment';
import { runPython } from '../peer/python';
import type { EngineRates, EngineRequest } from './engine';
import { must } from '../../src/base/pure/must';
import { measureCleaning } from './cleaning';
import { measureCurves } from './curves';
import { measureDevice } from './devices';
import { measureDuplicates } from './duplicates';
import { measureEstimates } from './estimates';
import { measureFiles, parsePart } from './files';
import { measureGeneration } from './generation';
import { compareGrowth } from './growth';
import { engineLines, engineTable, trainingTable, type Rates, type TrainingRounds } from './report';
import { readLongRows, readShortRows, writeRows, type BenchRows } from './rows';
import { measureLargeFile } from './largeFile';
import { measurePanel } from './panel';
import { measureRewards } from './rewards';
import { measureRounds } from './rounds';
import { measureStart } from './start';
import { measureSuspects } from './suspects';
import { compareWaits, type WaitsPlan } from './waits';
import { trainMargin, trainTrl, type Timed, type Training } from './training';

/** Runs of each side. The sides take turns. */
const rounds = 3;
const batch = 4;
const prompts = ['Tell me about the sea.', 'Write a short poem about rain.'];
/** Each step takes TRL up to a minute. */
const longSteps = 4;
/** TRL's peak on long rows is 14 GB. */
const longNeededBytes = 16e9;

/**
 * Compares speed and memory.
 *
 * - `npm run bench [-- --long]`: Margin and TRL in turn on the same cores.
 * - `npm run bench -- --waits [--base CHECKOUT] [--model DIR] [--pairs N] [--rounds N] [--first]`: how long a user
 *   waits, beside an earlier checkout that is built. `--first` leaves out the second step and the stop.
 * - `npm run bench -- --files [MEGABYTES]`: large files in the editor, beside counting and parsing.
 * - `npm run bench -- --large [MEGABYTES [BYTES]]`: one large file of rows of BYTES: open, search, save.
 * - `npm run bench -- --duplicates [ROWS]`: planted near duplicates among a million rows, or ROWS.
 * - `npm run bench -- --suspects [--quick] [--model DIR] [--cross_fit K]`: planted flips that `margin suspects` finds.
 * - `npm run bench -- --cleaning [--quick] [--model DIR]`: whether `margin cleaning` says what is true.
 * - `npm run bench -- --rounds [--quick] [--sample|--real] [--model DIR]`: what rounds without a person raise.
 * - `npm run bench -- --rewards [PAIRS]`: views of a run with a million scored pairs, or PAIRS, at 20 steps.
 * - `npm run bench -- --estimates [--model DIR]`: estimates of dry runs beside whole runs.
 * - `npm run bench -- --device NAME|auto [--model DIR]`: a device beside the CPU, and TRL on CUDA where PyTorch has it.
 * - `npm run bench -- --generation`: one answer beside llama.cpp, and several drafts beside transformers.
 * - `npm run bench -- --start`: loading of the extension, beside plain functions.
 * - `npm run bench -- --panel`: script of a brush and of live updates in a run panel.
 * - `npm run bench -- --curves [STEPS]`: the curves of a run with 100,000 steps, or STEPS, and of 20 such runs.
 * - `npm run bench -- --growth [ROWS]`: memory and time for a million rows, or ROWS, beside a thousand.
 */
async function main(argv: readonly string[]): Promise<void> {
  if (argv[0] === '--parse') return parsePart(must(argv[1], 'the file'), Number(argv[2]), Number(argv[3]));
  const folder = await mkdtemp(join(tmpdir(), 'margin-bench-'));
  try {
    say(`${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores (${cpus()[0]?.model.trim()})`);
    if (argv[0] === '--growth') say(await compareGrowth(folder, Number(argv[1] ?? 1e6)));
    else if (argv[0] === '--duplicates') {
      sayLoad('duplicates');
      say(await measureDuplicates(folder, Number(argv[1] ?? 1e6)));
      sayLoad('done');
    } else if (argv[0] === '--rewards') {
      sayLoad('rewards');
      say(await measureRewards(folder, Number(argv[1] ?? 1e6), say));
      sayLoad('done');
    } else if (argv[0] === '--estimates') {
      const model = argv.includes('--model') ? resolve(must(argv[argv.indexOf('--model') + 1], 'the model')) : null;
      sayLoad('estimates');
      say(await measureEstimates({ folder, model, steps: 20 }, say));
      sayLoad('done');
    } else if (argv[0] === '--device') {
      const given = argv.includes('--model') ? resolve(must(argv[argv.indexOf('--model') + 1], 'the model')) : null;
      sayLoad('devices');
      await measureDevice(must(argv[1], 'the device'), { folder, model: given ?? (await smollm2()) }, say);
      sayLoad('done');
    } else if (argv[0] === '--generation') {
      sayLoad('generation');
      say(await measureGeneration(await thePeer(), say));
      sayLoad('done');
    } else if (argv[0] === '--start') {
      sayLoad('start');
      say(await measureStart(folder));
      sayLoad('done');
    } else if (argv[0] === '--panel') {
      sayLoad('run panel');
      say(await measurePanel(folder));
      sayLoad('done');
    } else if (argv[0] === '--curves') {
      sayLoad('curves');
      await measureCurves(folder, Number(argv[1] ?? 100_000), say);
      sayLoad('done');
    } else if (argv[0] === '--files') {
      sayLoad('large files');
      say(await measureFiles(folder, Number(argv[1] ?? 1000), say));
      sayLoad('done');
    } else if (argv[0] === '--large') {
      sayLoad('one large file');
      say(await measureLargeFile(folder, Number(argv[1] ?? 1000), Number(argv[2] ?? 5000)));
      sayLoad('done');
    } else if (argv[0] === '--suspects') {
      const given = argv[argv.indexOf('--model') + 1];
      const model = argv.includes('--model') ? resolve(must(given, 'the folder of --model')) : await smollm2();
      const crossFit = argv.includes('--cross_fit') ? must(argv[argv.indexOf('--cross_fit') + 1], 'the folds') : null;
      await measureSuspects(model, { quick: argv.includes('--quick'), crossFit }, say);
    } else if (argv[0] === '--rounds') {
      const given = argv[argv.indexOf('--model') + 1];
      const model = argv.includes('--model') ? resolve(must(given, 'the folder of --model')) : null;
      const [quick, sample, real] = ['--quick', '--sample', '--real'].map((name) => argv.includes(name));
      const plan = { quick: quick === true, sample: sample === true, real: real === true };
      await measureRounds(model ?? (plan.sample ? null : await smollm2()), plan, say);
    } else if (argv[0] === '--cleaning') {
      const given = argv[argv.indexOf('--model') + 1];
      const model = argv.includes('--model') ? resolve(must(given, 'the folder of --model')) : null;
      await measureCleaning(model, argv.includes('--quick'), say);
    } else if (argv[0] === '--waits') say(await compareWaits({ folder, ...(await waitsOf(argv.slice(1))) }, say));
    else await comparePeers(folder, argv.includes('--long'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function waitsOf(argv: string[]): Promise<Omit<WaitsPlan, 'folder'>> {
  const { values } = parseArgs({
    args: argv,
    options: {
      base: { type: 'string' },
      model: { type: 'string' },
      pairs: { type: 'string' },
      rounds: { type: 'string' },
      first: { type: 'boolean' },
    },
  });
  const { base, model, pairs = '1000', rounds: times = String(rounds), first = false } = values;
  return {
    base: base === undefined ? null : resolve(base),
    model: model ?? (await smollm2()),
    pairs: Number(pairs),
    rounds: Number(times),
    firstOnly: first,
  };
}

async function smollm2(): Promise<string> {
  const peer = await openPeer(console.log);
  if ('missing' in peer) throw new Error(`SmolLM2 is not installed: ${peer.missing}. Give its folder with --model.`);
  return peer.smollm2.f32;
}

async function thePeer(): Promise<Peer> {
  const peer = await openPeer(console.log);
  if ('missing' in peer) throw new Error(`There is nothing to compare with: ${peer.missing}`);
  return peer;
}

async function comparePeers(folder: string, long: boolean): Promise<void> {
  const peer = await thePeer();
  const steps = 3;
  await compareTraining(peer, readShortRows(batch * steps), {
    folder,
    steps,
    batch,
    maxLength: 1024,
    device: 'cpu',
    rounds,
  });
  await compareEngines(peer, folder);
  if (long) await compareLong(peer, folder);
}

async function compareLong(peer: Peer, folder: string): Promise<void> {
  const rows = readLongRows(batch * longSteps);
  if (!rows) say('hh-rlhf: the rows are not available');
  else if (freemem() < longNeededBytes) say(`hh-rlhf: needs ${longNeededBytes / 1e9} GB of free memory for TRL`);
  else await compareTraining(peer, rows, { folder, steps: longSteps, batch, maxLength: 512, device: 'cpu', rounds: 1 });
}

type Plan = Omit<Training, 'model' | 'file'> & { readonly rounds: number };

/** Margin trains two epochs: it computes the reference log-probs in the first, and reads them in the second. */
async function compareTraining(
  { python, smollm2 }: Peer,
  rows: BenchRows,
  { rounds: times, ...plan }: Plan,
): Promise<void> {
  const file = join(plan.folder, 'pairs.jsonl');
  await writeRows(file, rows);
  const taken: TrainingRounds = { margin: [], bf16: [], trl: [], cached: [] };
  for (let round = 1; round <= times; round++) {
    sayLoad(`${rows.name}, round ${round}`);
    taken.margin.push(
      report('Margin', await trainMargin({ ...plan, file, model: smollm2.f32, steps: 2 * plan.steps })),
    );
    taken.trl.push(report('TRL', await trainTrl(python, { ...plan, file, model: smollm2.f32 }, false)));
    taken.bf16.push(
      report('Margin, bf16 base', await trainMargin({ ...plan, file, model: smollm2.bf16, steps: 2 * plan.steps })),
    );
    taken.cached.push(
      report('TRL, reference precomputed', await trainTrl(python, { ...plan, file, model: smollm2.f32 }, true)),
    );
  }
  sayLoad('done');
  say(trainingTable(rows.name, taken, plan));
}

async function compareEngines({ python, smollm2 }: Peer, folder: string): Promise<void> {
  const file = join(folder, 'score.jsonl');
  await writeRows(file, readShortRows(32));
  const [tokens, maxLength] = [64, 1024];
  const margin: EngineRates[] = [];
  const peer: Rates[] = [];
  for (let round = 1; round <= rounds; round++) {
    sayLoad(`scoring, generation, matrix products, round ${round}`);
    margin.push(await runEngine({ model: smollm2.f32, file, batch, steps: 4, maxLength, prompts, tokens }));
    peer.push(
      (await runPython(python, 'bench/transformers_loop.py', {
        model: smollm2.f32,
        file,
        batches: [4, 16],
        prompts,
        tokens,
      })) as Rates,
    );
  }
  sayLoad('done');
  say(engineTable(margin, peer));
  say(engineLines(margin));
}

async function runEngine(request: EngineRequest): Promise<EngineRates> {
  const child = spawn(process.execPath, [resolve('dist/test/benchEngine.js'), JSON.stringify(request)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`dist/test/benchEngine.js failed (${code})`);
  return JSON.parse(out) as EngineRates;
}

/** Prints a run as soon as it is measured. */
function report(who: string, run: Timed): Timed {
  const { firstLoss, steps, cpu, usage } = run;
  const list = (values: readonly number[]): string => values.map((value) => value.toFixed(1)).join(' ');
  say(
    `  ${who}: first loss ${firstLoss.toFixed(1)} s, steps ${list(steps)} s (processor ${list(cpu)}), resident ${usage.resident.toFixed(0)} MB, own ${usage.own.toFixed(0)}, file ${usage.file.toFixed(0)}`,
  );
  return run;
}

const say = (text: string): void => console.log(text);

/** Prints the load: other work on the machine changes every figure. */
const sayLoad = (what: string): void =>
  say(
    `${new Date().toISOString().slice(11, 19)} ${what}: load ${loadavg()
      .map((load) => load.toFixed(1))
      .join(' ')}`,
  );

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});

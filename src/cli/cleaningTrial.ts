import { basename, join } from 'node:path';
import { at, must } from '../base/pure/must';
import { type Arm, type CleaningTrial, leastSuspected } from '../pairs/cleaning/judgeCleaning';
import { fewestRows } from '../pairs/suspects/findSuspects';
import { readState } from '../run/folder';
import { refuseUnwritable } from '../run/outputFolder';
import { type CleaningSides, cleaningSides, drawnRows, type SidesPlan, writeWithoutWeight } from './cleaningFiles';
import { tellCleaningPrice } from './cleaningPrice';
import { heldOutPairs, refuseLeaks, type Search, suspectedIn, type SuspectedRows } from './cleaningRows';
import type { Surroundings } from './command';
import { neededRun, type NeededRun, shortRun, type ShortRuns, trainedRun } from './keptRuns';
import { scoreOtherRows } from './otherRows';
import { defaultEpochs, defaultRate, defaultRuns } from './suspectTraining';

export interface CleaningPlan extends SidesPlan, ShortRuns {
  /** Runs by which suspects are found, as a person names them; empty: short runs as `margin suspects` trains them. */
  readonly runs: readonly string[];
  readonly seeds: number;
  readonly onlyPrice: boolean;
  readonly json: boolean;
}

/** Runs that tell clean held-out rows take more passes, because there are fewer rows to learn from. */
const judgePasses = 2;

/** The runs on the same rows, with a seed each. */
interface ArmRuns {
  readonly name: Arm['name'];
  readonly rows: number;
  readonly runs: readonly NeededRun[];
}

/**
 * Trains what is missing, and scores the held-out pairs with each run. Null if only the price was asked for.
 *
 * @throws MarginError `held-out-leaks` | `does-not-fit` | `interrupted` | `run-failed`; those of splitting, of a run's
 *   config, model and rows, and of finding suspects
 */
export async function cleaningTrial(plan: CleaningPlan, surroundings: Surroundings): Promise<CleaningTrial | null> {
  await refuseUnwritable(plan.outputDir);
  const sides = await cleaningSides(plan);
  await refuseLeaks(plan, sides, surroundings.cwd);
  // A copy, because the proof of the split forbids to train on the file itself.
  const judged = join(sides.folder, 'held-out.jsonl');
  const heldRows = await writeWithoutWeight(sides.held, judged, plan.reading, new Set());
  const short = { ...plan, epochs: defaultEpochs, learningRate: defaultRate };
  const finders = await needed(short, 'suspects', plan.runs.length > 0 ? 0 : defaultRuns, () => sides.train);
  const longer = { ...short, epochs: judgePasses * defaultEpochs };
  const judges = await needed(longer, 'held-out', heldRows < fewestRows ? 0 : defaultRuns, () => judged);
  const search = { ...plan, output: surroundings.output, cwd: surroundings.cwd };
  const find = async (): Promise<SuspectedRows> =>
    suspectedIn(sides.train, plan.runs.length > 0 ? plan.runs : await trainAll(finders, surroundings), search);
  const early = finders.some(isMissing) ? null : await find();
  const known = early && (await armsOf(plan, sides, early));
  const asIs = await needed(plan, 'as-is', plan.seeds, () => sides.train);
  await tellCleaningPrice(
    {
      arm: at(asIs, 0).config,
      arms: known ? countMissing(known.flatMap(({ runs }) => runs)) : countMissing(asIs) + 2 * plan.seeds,
      finders: countMissing(finders),
      judges: known?.length === 0 ? 0 : countMissing(judges),
      judgeShare: heldRows * judgePasses,
      isSure: known !== null,
      json: plan.json,
    },
    surroundings,
  );
  if (plan.onlyPrice) return null;
  const found = early ?? (await find());
  const arms = known ?? (await armsOf(plan, sides, found));
  return arms.length === 0 ? untried(found, heldRows) : tried({ arms, judges, sides, found }, search, surroundings);
}

/** So little is suspected that there is nothing to compare. */
function untried({ rows, flipped, noise }: SuspectedRows, heldRows: number): CleaningTrial {
  const train = { rows: rows.length, flipped: flipped.size, noise };
  return { created: Date.now(), train, held: heldRows, steps: 0, clean: 'too little is suspected', arms: [] };
}

interface Parts {
  readonly arms: readonly ArmRuns[];
  readonly judges: readonly NeededRun[];
  readonly sides: CleaningSides;
  readonly found: SuspectedRows;
}

async function tried(
  { arms, judges, sides, found }: Parts,
  search: Search,
  surroundings: Surroundings,
): Promise<CleaningTrial> {
  const folders: string[][] = [];
  for (const { runs } of arms) folders.push(await trainAll(runs, surroundings));
  const judgeFolders = await trainAll(judges, surroundings);
  const scored: string[] = [];
  for (const folder of folders.flat()) scored.push(await scoreOtherRows(folder, sides.held, search));
  const held = await heldOutPairs(sides.held, scored, judgeFolders, search);
  const { steps } = must(await readState(at(folders.flat(), 0)), 'the state of a run');
  const seeds = at(folders, 0).length;
  return {
    created: Date.now(),
    train: { rows: found.rows.length, flipped: found.flipped.size, noise: found.noise },
    held: at(held.margins, 0).length,
    steps,
    clean: held.clean,
    arms: arms.map(({ name, rows }, i) => ({
      name,
      rows,
      runs: at(folders, i).map((folder) => basename(folder)),
      margins: held.margins.slice(i * seeds, (i + 1) * seeds),
    })),
  };
}

/**
 * The runs on all rows, those without suspected rows, and those without random rows, as many, which differ from seed to
 * seed. Empty if too little is suspected.
 */
async function armsOf(
  plan: CleaningPlan,
  { train, folder }: CleaningSides,
  { rows, flipped }: SuspectedRows,
): Promise<ArmRuns[]> {
  if (flipped.size < leastSuspected * rows.length) return [];
  const cleaned = join(folder, 'cleaned.jsonl');
  await writeWithoutWeight(train, cleaned, plan.reading, flipped);
  const random = (seed: number): string => join(folder, `random-${seed}.jsonl`);
  for (let seed = 1; seed <= plan.seeds; seed++)
    await writeWithoutWeight(train, random(seed), plan.reading, drawnRows(rows, flipped.size, seed));
  const left = rows.length - flipped.size;
  return [
    { name: 'as-is', rows: rows.length, runs: await needed(plan, 'as-is', plan.seeds, () => train) },
    { name: 'cleaned', rows: left, runs: await needed(plan, 'cleaned', plan.seeds, () => cleaned) },
    { name: 'random', rows: left, runs: await needed(plan, 'random', plan.seeds, random) },
  ];
}

/** Runs with the seeds from 1. `suspects` is the name that the runs of `margin suspects` have, which fit too. */
async function needed(
  plan: ShortRuns,
  name: string,
  seeds: number,
  fileOf: (seed: number) => string,
): Promise<NeededRun[]> {
  const runs: NeededRun[] = [];
  for (let seed = 1; seed <= seeds; seed++) {
    const run = name === 'suspects' ? name : `${name}-${seed}`;
    runs.push(await neededRun(shortRun(plan, { run_name: run, train_file: fileOf(seed), seed })));
  }
  return runs;
}

async function trainAll(runs: readonly NeededRun[], surroundings: Surroundings): Promise<string[]> {
  const folders: string[] = [];
  for (const run of runs) folders.push(await trainedRun(run, surroundings));
  return folders;
}

const isMissing = ({ known }: NeededRun): boolean => known?.isScored !== true;
const countMissing = (runs: readonly NeededRun[]): number => runs.filter(isMissing).length;

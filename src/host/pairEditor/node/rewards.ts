import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileError } from '../../../base/node/fileError';
import { inTurns } from '../../../base/pure/inTurns';
import type { RewardChoice } from '../../../protocol/pairEditor';
import { findRuns, readRun, rewardSteps } from '../../../run/find';
import { runPaths } from '../../../run/folder';
import { numbersOfFile } from '../../../run/pairNumbers/comparedWith';
import { ScoredPairs } from '../../../run/pairNumbers/scoredPairs';
import { readColumns } from '../../../run/rewardColumns/readColumns';
import type { RewardColumns } from '../../../run/rewardColumns/rewardColumns';
import { Slices } from '../../../editor/slices';

/** Most runs, and most scorings, in the editor's list of rewards. */
const maxRuns = 20;
/** Runs read at a time. */
const atOnce = 8;

/** The rewards of one file. A pair is found by the key of its content, so rewards follow moved lines. */
export interface JoinedRewards {
  readonly choice: RewardChoice;
  /** What they are compared with; null: the start of the run, if there is one. */
  readonly before: RewardChoice | null;
  /** Null if the file has no rewards. */
  readonly pairs: ScoredPairs | null;
  /** Largest absolute value among margins and rewards. */
  readonly widest: number;
  /** Why a chosen file has no rewards, in a sentence; null if it has some. */
  readonly notice: string | null;
}

/** The rewards that runs and scorings have written for a dataset, newest first. The id is the path of the rewards. */
export async function rewardChoices(file: string, runFolders: readonly string[]): Promise<RewardChoice[]> {
  const target = await realpath(file).catch(() => file);
  const { runs } = await findRuns(runFolders);
  const ofRuns = await inTurns(runs.slice(0, maxRuns), atOnce, async ({ folder, name }) =>
    (await isRunOf(folder, target)) ? stepsOf(folder, name) : [],
  );
  const choices = await Promise.all(
    [...ofRuns.flat(), ...(await scorings(target))].map(async (choice) => ({
      choice,
      written: await writtenAt(choice.id),
    })),
  );
  return choices.sort((a, b) => b.written - a.written).map(({ choice }) => choice);
}

async function writtenAt(file: string): Promise<number> {
  // A missing file is reported when the person chooses it.
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}

/**
 * Reads the rewards of a choice. For a missing or damaged file there are none, and a notice names the file.
 *
 * @param before the rewards to compare with; null: the start of the run
 */
export async function joinRewards(choice: RewardChoice, before: RewardChoice | null): Promise<JoinedRewards> {
  const slices = (): Slices => new Slices();
  const read = (file: string): Promise<RewardColumns> => readColumns(file, slices());
  try {
    const pairs = await ScoredPairs.of(await numbersOfFile(choice.id, before && before.id, read, slices));
    return { choice, before, pairs, widest: pairs.widest, notice: null };
  } catch (error) {
    const notice = `No rewards are shown: ${fileError(error, 'read', choice.id).message}`;
    return { choice, before, pairs: null, widest: 0, notice };
  }
}

async function isRunOf(folder: string, target: string): Promise<boolean> {
  // The Runs view shows why a run cannot be read; here it has no rewards.
  const run = await readRun(folder).catch(() => null);
  return run !== null && (await realpath(run.config.config.train_file).catch(() => null)) === target;
}

async function stepsOf(folder: string, name: string): Promise<RewardChoice[]> {
  // A folder that cannot be listed offers no rewards.
  const steps = (await rewardSteps(folder).catch((): number[] => [])).filter((step) => step > 0).reverse();
  return steps.map((step) => ({ id: runPaths.rewards(folder, step), label: `${name} · step ${step}`, isOfRun: true }));
}

/** The results of *Score with Model* for a file: `.margin/scores/NAME-….jsonl` beside it. */
async function scorings(file: string): Promise<RewardChoice[]> {
  const folder = path.join(path.dirname(file), '.margin', 'scores');
  const stem = `${path.basename(file, '.jsonl')}-`;
  // Most folders have no scorings.
  const names = (await readdir(folder).catch(() => [])).filter(
    (name) => name.startsWith(stem) && name.endsWith('.jsonl'),
  );
  const newest = names.sort().reverse().slice(0, maxRuns);
  return newest.map((name) => ({
    id: path.join(folder, name),
    label: scoringLabel(name.slice(stem.length, -'.jsonl'.length)),
    isOfRun: false,
  }));
}

/**
 * The label of a scoring, with the time last, because a narrow list cuts off the end.
 *
 * @example scoringLabel('sample-step-50-2026-11-25T044159') → 'sample-step-50 · scored 2026-11-25 04:41'
 */
function scoringLabel(name: string): string {
  const parts = /^(.*)-(\d{4}-\d\d-\d\d)T(\d\d)(\d\d)\d\d$/.exec(name);
  if (!parts) return `${name} · scored`;
  const [, policy, day, hour, minute] = parts;
  return `${policy} · scored ${day} ${hour}:${minute}`;
}

import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileError } from '../../../base/node/fileError';
import { inTurns } from '../../../base/pure/inTurns';
import type { RewardChoice } from '../../../protocol/pairEditor';
import { findRuns, readRun, rewardSteps } from '../../../run/find';
import { runPaths, stepOfName } from '../../../run/folder';
import { eachReward, marginsOf } from '../../rewardLines';
import type { ScoredPair, SideReward } from '../../../pairs/rowRewards';
import { keyNumber } from '../../../pairs/keyNumber';

/** Most runs, and most scorings, in the editor's list of rewards. */
const maxRuns = 20;
/** Runs read at a time. */
const atOnce = 8;

/**
 * The rewards of one file by {@link keyNumber}. The key depends on the pair's content, so rewards follow moved lines.
 */
export interface JoinedRewards {
  readonly choice: RewardChoice;
  readonly byKey: ReadonlyMap<number, ScoredPair>;
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

/** Reads the rewards of a choice. For a missing or damaged file there are none, and a notice names the file. */
export async function joinRewards(choice: RewardChoice): Promise<JoinedRewards> {
  const byKey = new Map<number, ScoredPair>();
  let widest = 0;
  try {
    const before = await marginsBefore(choice.id);
    await eachReward(choice.id, ({ key, chosen, rejected, margin }) => {
      const short = keyNumber(key);
      widest = Math.max(widest, Math.abs(margin), Math.abs(chosen.reward), Math.abs(rejected.reward));
      const marginBefore = before.get(short) ?? null;
      byKey.set(short, { chosen: sideOf(chosen), rejected: sideOf(rejected), margin, before: marginBefore });
    });
    return { choice, byKey, widest, notice: null };
  } catch (error) {
    return {
      choice,
      byKey: new Map(),
      widest: 0,
      notice: `No rewards are shown: ${fileError(error, 'read', choice.id).message}`,
    };
  }
}

/** Leaves out log-probs, which take too much memory for a million rows. */
function sideOf({ reward, tokens }: SideReward): SideReward {
  return { reward, tokens };
}

async function isRunOf(folder: string, target: string): Promise<boolean> {
  // The Runs view shows why a run cannot be read; here it has no rewards.
  const run = await readRun(folder).catch(() => null);
  return run !== null && (await realpath(run.config.config.train_file).catch(() => null)) === target;
}

async function stepsOf(folder: string, name: string): Promise<RewardChoice[]> {
  // A folder that cannot be listed offers no rewards.
  const steps = (await rewardSteps(folder).catch((): number[] => [])).filter((step) => step > 0).reverse();
  return steps.map((step) => ({ id: runPaths.rewards(folder, step), label: `${name} · step ${step}` }));
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

/**
 * Margins before the first step. Empty if the run did not score its start, or if all are 0: it started as its
 * reference.
 */
async function marginsBefore(file: string): Promise<ReadonlyMap<number, number>> {
  if (stepOfName(path.basename(file)) === null) return new Map();
  const margins = await marginsOf(runPaths.rewards(path.dirname(path.dirname(file)), 0));
  return [...margins.values()].some((margin) => margin !== 0) ? margins : new Map();
}

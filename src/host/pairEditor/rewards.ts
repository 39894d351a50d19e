import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileError } from '../../base/node/fileError';
import { inTurns } from '../../base/pure/inTurns';
import type { RewardChoice, SideReward } from '../../protocol/pairEditor';
import { findRuns, readRun, rewardSteps } from '../../run/find';
import { runPaths, stepOfName } from '../../run/folder';
import { eachReward, marginsOf } from '../rewardLines';
import { type ScoredPair, shortKey } from './rowIdentity';

/** Runs and scorings offered in the editor's list of rewards. */
const maxRuns = 20;
/** Runs read at a time. */
const atOnce = 8;

/**
 * Rewards of one file of rewards, by the {@link shortKey} of the pair: the key is the pair's content, so they follow
 * moved lines.
 */
export interface JoinedRewards {
  readonly choice: RewardChoice;
  readonly byKey: ReadonlyMap<number, ScoredPair>;
  /** Largest absolute value among margins and rewards. */
  readonly widest: number;
  /** Why there are none though the file was chosen. */
  readonly notice: string | null;
}

/**
 * What can be shown for a file: rewards that runs on it and scorings of it have written, newest first. The id is the
 * rewards file.
 */
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
  // A file that is gone meanwhile says so when it is chosen.
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}

/** The rewards of a choice; none, and a notice that names the file, where it is gone or damaged. */
export async function joinRewards(choice: RewardChoice): Promise<JoinedRewards> {
  const byKey = new Map<number, ScoredPair>();
  let widest = 0;
  try {
    const before = await marginsBefore(choice.id);
    await eachReward(choice.id, ({ key, chosen, rejected, margin }) => {
      const short = shortKey(key);
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

/** Of a million rows the log-probs are not kept. */
function sideOf({ reward, tokens }: SideReward): SideReward {
  return { reward, tokens };
}

async function isRunOf(folder: string, target: string): Promise<boolean> {
  // A run folder that is damaged or from a newer version is shown as such in the Runs view, and has no rewards here.
  const run = await readRun(folder).catch(() => null);
  return run !== null && (await realpath(run.config.config.train_file).catch(() => null)) === target;
}

async function stepsOf(folder: string, name: string): Promise<RewardChoice[]> {
  // A folder of rewards that cannot be listed has none to offer.
  const steps = (await rewardSteps(folder).catch((): number[] => [])).filter((step) => step > 0).reverse();
  return steps.map((step) => ({ id: runPaths.rewards(folder, step), label: `${name} · step ${step}` }));
}

/** What *Score with Model* wrote for this file: `.margin/scores/NAME-….jsonl` beside it. */
async function scorings(file: string): Promise<RewardChoice[]> {
  const folder = path.join(path.dirname(file), '.margin', 'scores');
  const stem = `${path.basename(file, '.jsonl')}-`;
  // Most folders have never been scored.
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
 * `sample-step-50-2026-11-25T044159` as `sample-step-50 · scored 2026-11-25 04:41`: what is cut where it is narrow is
 * the time.
 */
function scoringLabel(name: string): string {
  const [, policy = name, day = '', hour = '', minute = ''] =
    /^(.*)-(\d{4}-\d\d-\d\d)T(\d\d)(\d\d)\d\d$/.exec(name) ?? [];
  return `${policy} · scored ${day} ${hour === '' ? '' : `${hour}:${minute}`}`.trim();
}

/** Empty where the run did not score its start, and where its start is the reference: zeros say nothing. */
async function marginsBefore(file: string): Promise<ReadonlyMap<number, number>> {
  if (stepOfName(path.basename(file)) === null) return new Map();
  const margins = await marginsOf(runPaths.rewards(path.dirname(path.dirname(file)), 0));
  return [...margins.values()].some((margin) => margin !== 0) ? margins : new Map();
}

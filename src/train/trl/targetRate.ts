import { join } from 'node:path';
import { thisMachine } from '../../base/node/thisMachine';
import { openCheckpoint } from '../../model/checkpoint';
import { locateModel } from '../../model/locate';
import type { Checkpoint } from '../../model/types';
import { cacheFolder } from '../../base/node/cacheFolder';
import { readAllEvents } from '../../run/events';
import { findRuns } from '../../run/find';
import { readRunConfig, readState } from '../../run/folder';
import type { TrainConfig } from '../../run/types';
import { measuredRate, rateDifference, scaledRate } from '../../trl/estimate/rate';
import { findHandle } from '../../trl/targets/handle';
import { hashOf } from '../../trl/targets/trust';
import type { Target } from '../../trl/targets/types';

/** Most runs of a target that are read, the newest first. */
const mostRuns = 20;

/** A rate that an earlier run had, for the model that is asked about. */
export interface FoundRate {
  readonly tokensPerSecond: number;
  /** The name of the run. */
  readonly run: string;
  /** Its parameters; null: it trained the same model. */
  readonly scaledFrom: number | null;
}

/**
 * The speed of the newest earlier run on a target that trained a similar model in the same way.
 *
 * @param target null: this machine
 * @returns or why there is none: a reason for each run that does not count
 */
export async function targetRate(
  config: TrainConfig,
  target: Target | null,
  parameters: number,
): Promise<FoundRate | { readonly reasons: readonly string[] }> {
  const { runs } = await findRuns([config.output_dir]);
  const reasons: string[] = [];
  for (const { folder, name } of runs) {
    const { config: other } = await readRunConfig(folder);
    if (other.backend !== 'trl' || other.target !== config.target) continue;
    const found = await rateOf({ folder, name, other }, config, target, parameters);
    if (typeof found !== 'string') return found;
    reasons.push(`${name} does not count: ${found}`);
    if (reasons.length === mostRuns) break;
  }
  return { reasons: [...new Set(reasons)] };
}

interface EarlierRun {
  readonly folder: string;
  readonly name: string;
  readonly other: TrainConfig;
}

async function rateOf(
  { folder, name, other }: EarlierRun,
  config: TrainConfig,
  target: Target | null,
  parameters: number,
): Promise<FoundRate | string> {
  const key = rateDifference(config, other);
  if (key !== null) return `its ${key} is ${JSON.stringify(other[key])}`;
  if (!(await wasThere(folder, target))) return 'it ran elsewhere, or the target has changed since';
  const rate = measuredRate(await readAllEvents(folder));
  if (rate === null) return 'it has too few steps with num_tokens in its events';
  if (other.model_name_or_path === config.model_name_or_path)
    return { tokensPerSecond: rate, run: name, scaledFrom: null };
  // A model that was moved or deleted since says nothing.
  const model = await openModel(other.model_name_or_path).catch(() => null);
  if (model === null) return 'its model cannot be opened any more';
  const theirs = parametersOf(model);
  const scaled = scaledRate(rate, theirs, parameters);
  if (scaled === null) return `its model has ${theirs.toLocaleString('en')} parameters, which is not similar`;
  return { tokensPerSecond: scaled, run: name, scaledFrom: theirs };
}

async function wasThere(folder: string, target: Target | null): Promise<boolean> {
  if (target === null) {
    const machine = (await readState(folder))?.machine;
    return machine?.host === thisMachine().host;
  }
  const handle = await findHandle(folder);
  return handle !== null && hashOf(handle.target) === hashOf(target);
}

/** @throws MarginError those of opening a model */
export async function openModel(path: string): Promise<Checkpoint> {
  return openCheckpoint((await locateModel(path, join(cacheFolder(), 'models'))).folder);
}

/** Numbers in all weights of a model. A tensor that two layers share counts once. */
export const parametersOf = ({ weights }: Checkpoint): number =>
  [...weights.values()].reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);

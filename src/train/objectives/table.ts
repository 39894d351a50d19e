import type { LossFunction } from '../../engine/types';
import { reduceMean } from '../../graph/algebra';
import { add, scale } from '../../graph/elementwise';
import type { ObjectiveName } from '../../run/objectives';
import type { TrainConfig } from '../../run/types';
import { aot } from './aot';
import { aotUnpaired } from './aotUnpaired';
import { apoDown } from './apoDown';
import { apoZero } from './apoZero';
import { bcoPair } from './bcoPair';
import { discopop } from './discopop';
import { exoPair } from './exoPair';
import { hinge } from './hinge';
import { ipo } from './ipo';
import { ncaPair } from './ncaPair';
import type { Objective, ObjectiveSettings } from './objective';
import { robust } from './robust';
import { sft } from './sft';
import { sigmoid } from './sigmoid';
import { sigmoidNorm } from './sigmoidNorm';
import { sppoHard } from './sppoHard';

/** Every objective by TRL's name for it. A name in `run/objectives.ts` without its line here is a type error, and the reverse. */
export const objectives: Readonly<Record<ObjectiveName, Objective>> = {
  sigmoid,
  hinge,
  ipo,
  exo_pair: exoPair,
  nca_pair: ncaPair,
  robust,
  bco_pair: bcoPair,
  sppo_hard: sppoHard,
  aot,
  aot_unpaired: aotUnpaired,
  apo_zero: apoZero,
  apo_down: apoDown,
  discopop,
  sft,
  sigmoid_norm: sigmoidNorm,
};

/** The weighted sum of a config's objectives, TRL's `loss_type` and `loss_weights`. */
export function lossOf(config: ObjectiveSettings & Pick<TrainConfig, 'loss_type' | 'loss_weights'>): LossFunction {
  return (symbols) => {
    const terms = config.loss_type.map((type, i) => scale(reduceMean(objectives[type].loss(symbols, config)), config.loss_weights[i] ?? 1));
    return terms.reduce((left, right) => add(left, right));
  };
}

import { at } from '../../base/pure/must';
import { early, enoughPoints, late, median, valuesOf } from './trend';
import { lowestMargins, type Symptom } from './symptom';

/** A gradient norm that has grown this many times since the first steps may lead to numbers that are not finite. */
const explosion = 100;
/** If gradients are clipped at nearly all steps and far above the limit, every batch has the same weight. */
const clippedShare = 0.95;
const clippedFactor = 5;
const enoughToBeClipped = 20;

/** The loss is infinite, or missing at the last point that has a learning rate: a NaN is stored as missing. */
export const diverged: Symptom = {
  id: 'diverged',
  threshold: 'the loss is infinite or NaN',
  source: { label: 'Pascanu et al. 2013', url: 'https://arxiv.org/abs/1211.5063' },
  find: ({ curves: { series } }) => {
    const { learning_rate: rates, loss } = series;
    if (rates === undefined || loss === undefined) return null;
    const last = rates.findLastIndex((value) => !Number.isNaN(value));
    if (!loss.includes(Infinity) && (last < 0 || !Number.isNaN(at(loss, last)))) return null;
    return {
      text: 'The loss is no longer a finite number: the run has diverged.',
      advice: 'Stop it, lower learning_rate, and start again.',
      pairs: null,
    };
  },
};

export const exploding: Symptom = {
  id: 'exploding',
  threshold: `the gradient norm is ${explosion} times that of the first steps, and the loss is above its start`,
  source: { label: 'Pascanu et al. 2013', url: 'https://arxiv.org/abs/1211.5063' },
  find: ({ curves: { series } }) => {
    const [norms, loss] = [valuesOf(series['grad_norm']), valuesOf(series['loss'])];
    const growth = late(norms) / early(norms);
    if (norms.length < enoughPoints || !(growth >= explosion) || late(loss) <= early(loss)) return null;
    return {
      text: `The gradient norm has grown ${Math.round(growth)} times and the loss rises: numbers that are not finite may be near.`,
      advice: 'Stop the run and lower learning_rate, or raise warmup_steps.',
      pairs: lowestMargins,
    };
  },
};

export const clipped: Symptom = {
  id: 'clipped',
  threshold: `the gradient norm is above max_grad_norm at ${100 * clippedShare} % of the steps, and its median ${clippedFactor} times as large`,
  source: { label: 'Zhang et al. 2020', url: 'https://arxiv.org/abs/1905.11881' },
  find: ({ curves: { series }, config: { max_grad_norm: limit } }) => {
    const norms = valuesOf(series['grad_norm']);
    if (norms.length < enoughToBeClipped || limit <= 0) return null;
    const share = norms.filter((norm) => norm > limit).length / norms.length;
    const middle = median(norms);
    if (share < clippedShare || middle < clippedFactor * limit) return null;
    return {
      text: `The gradient is clipped at ${Math.floor(100 * share)} % of the steps: its median norm is ${shown(middle)}, max_grad_norm is ${limit}. Every batch then weighs the same, however much its pairs teach.`,
      advice: 'This is usual for DPO on long answers. If the loss is noisy, raise max_grad_norm.',
      pairs: lowestMargins,
    };
  },
};

const shown = (value: number): string => value.toPrecision(2).replace(/\.0$/, '');

import { at } from '../../../base/pure/must';
import { type GradientChoice, type GradientPage, gradientParts, type GradientSpread } from '../../../protocol/gradient';
import { objectivesWithSlope } from '../../../run/gradients/lossSlope';
import { type GainColumns, marginsOnlyOf, pairWeights, type Spread, spreadOf } from '../../../run/gradients/weights';
import { objectiveTexts } from '../../../run/objectives';
import type { TrainConfig } from '../../../run/types';
import { Slices } from '../../../editor/slices';
import type { Prompts, RewardTable } from './rewardTable';

/** Pairs of the largest weights that are listed. */
const listed = 20;
const bins = 30;

interface Weighed {
  readonly weights: Float64Array;
  readonly spread: Spread;
}

/** The weights that the pairs of a step have in the gradient, under the run's own choice and any other. */
export class Gradient {
  private gains: Promise<GainColumns> | null = null;
  private own: Promise<Weighed | string> | null = null;

  constructor(
    private readonly table: RewardTable,
    private readonly config: TrainConfig,
  ) {}

  async page(choice: GradientChoice, prompts: Prompts): Promise<GradientPage> {
    const { config } = this;
    this.own ??= this.weigh(config);
    const own = await this.own;
    const isOwn = choice.objective === null && choice.beta === config.beta;
    const chosen = isOwn ? own : await this.weigh(withChoice(config, choice));
    const known = typeof own === 'string' ? null : own;
    const parts = {
      run: { losses: config.loss_type, beta: config.beta, rate: config.learning_rate },
      objectives: objectivesWithSlope(config.trainer),
      leftOut: [...(config.use_weighting ? ['use_weighting'] : []), ...(config.ld_alpha === null ? [] : ['ld_alpha'])],
      pairs: this.table.numbers.count,
      own: known && summaryOf(known),
    };
    if (typeof chosen === 'string')
      return { ...parts, spread: chosen, histogram: { edges: [], counts: [], own: [] }, rows: [], halfMargins: null };
    return {
      ...parts,
      spread: summaryOf(chosen),
      histogram: await histogramOf(chosen, known),
      rows: await this.rows(chosen, known, prompts),
      halfMargins: await this.halfMargins(chosen),
    };
  }

  private async weigh(config: TrainConfig): Promise<Weighed | string> {
    this.gains ??= this.readGains();
    const weights = await pairWeights(await this.gains, config, new Slices());
    if (typeof weights === 'string') return weights;
    return { weights, spread: await spreadOf(weights, gradientParts, new Slices()) };
  }

  /** Without a reference, the loss is one of log π itself. */
  private async readGains(): Promise<GainColumns> {
    const { numbers } = this.table;
    const { trainer } = this.config;
    const isFree = trainer === 'cpo' || trainer === 'orpo';
    const gain = async (side: 'chosen' | 'rejected'): Promise<Float64Array> =>
      isFree ? new Float64Array(await numbers.shown.column(`${side}.logp`)) : numbers.numbers(`${side}Logp`);
    const tokens = async (side: 'chosen' | 'rejected'): Promise<Float64Array> =>
      new Float64Array(await numbers.shown.column(`${side}.tokens`));
    return {
      chosen: await gain('chosen'),
      rejected: await gain('rejected'),
      chosenTokens: await tokens('chosen'),
      rejectedTokens: await tokens('rejected'),
    };
  }

  private async rows(chosen: Weighed, own: Weighed | null, prompts: Prompts): Promise<GradientPage['rows']> {
    const { order, total } = chosen.spread;
    const places = [...(await order.part(0, listed, new Slices()))].filter((place) => at(chosen.weights, place) > 0);
    const rows = await this.table.rowsAt(places, [], prompts);
    return places.map((place, i) => {
      const weight = at(chosen.weights, place);
      return { row: at(rows, i), weight, share: weight / total, own: own && at(own.weights, place) };
    });
  }

  private async halfMargins({ spread: { order, half } }: Weighed): Promise<GradientPage['halfMargins']> {
    const isFirst = await order.isFirst(half, new Slices());
    const found = marginsOnlyOf(isFirst, await this.table.numbers.numbers('margin'));
    return found && [found.low, found.high];
  }
}

function withChoice(config: TrainConfig, { objective, beta }: GradientChoice): TrainConfig {
  // A view may ask for any name.
  const known = objectiveTexts.find(({ name }) => name === objective);
  const losses = known ? { loss_type: [known.name], loss_weights: [1] } : {};
  return { ...config, ...losses, beta };
}

function summaryOf({ weights, spread: { total, shares, half } }: Weighed): GradientSpread {
  return { mean: weights.length === 0 ? 0 : total / weights.length, shares, half };
}

async function histogramOf(chosen: Weighed, own: Weighed | null): Promise<GradientPage['histogram']> {
  const highest = Math.max(await highestIn(chosen), own === null || own === chosen ? 0 : await highestIn(own));
  const width = highest / bins || 1;
  const count = ({ weights }: Weighed): number[] => {
    const counts = new Uint32Array(bins);
    for (let place = 0; place < weights.length; place++) {
      const bin = Math.min(bins - 1, Math.floor((weights[place] as number) / width));
      counts[bin] = (counts[bin] as number) + 1;
    }
    return [...counts];
  };
  const counts = count(chosen);
  return {
    edges: Array.from({ length: bins + 1 }, (_, i) => i * width),
    counts,
    own: own === null ? [] : own === chosen ? counts : count(own),
  };
}

/** The largest weight; 0 without pairs. A loss that overflows may have infinite ones, which set no scale. */
async function highestIn({ weights, spread: { order } }: Weighed): Promise<number> {
  const [first] = await order.part(0, 1, new Slices());
  const highest = first === undefined ? 0 : at(weights, first);
  if (Number.isFinite(highest)) return highest;
  return weights.reduce((most, weight) => (Number.isFinite(weight) ? Math.max(most, weight) : most), 0);
}

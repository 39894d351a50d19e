import { at } from '../../../base/pure/must';
import { type GradientChoice, type GradientPage, gradientParts, type GradientSpread } from '../../../protocol/gradient';
import { objectivesWithSlope } from '../../../run/gradients/lossSlope';
import { type GainColumns, marginsOfFirst, pairWeights, type Spread, spreadOf } from '../../../run/gradients/weights';
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
    const chosen = await this.weigh(withChoice(config, choice));
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
      histogram: histogramOf(chosen.weights, known?.weights ?? null),
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
    const places = [...order.subarray(0, listed)].filter((place) => at(chosen.weights, place) > 0);
    const rows = await this.table.rowsAt(places, prompts);
    return places.map((place, i) => {
      const weight = at(chosen.weights, place);
      return { row: at(rows, i), weight, share: weight / total, own: own && at(own.weights, place) };
    });
  }

  private async halfMargins({ spread: { order, half } }: Weighed): Promise<GradientPage['halfMargins']> {
    const found = marginsOfFirst(order, half, await this.table.numbers.numbers('margin'));
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

function histogramOf(weights: Float64Array, own: Float64Array | null): GradientPage['histogram'] {
  let highest = 0;
  for (const values of own ? [weights, own] : [weights])
    for (let place = 0; place < values.length; place++) {
      const value = values[place] as number;
      if (Number.isFinite(value) && value > highest) highest = value;
    }
  const width = highest / bins || 1;
  const count = (values: Float64Array): number[] => {
    const counts = new Uint32Array(bins);
    for (let place = 0; place < values.length; place++) {
      const bin = Math.min(bins - 1, Math.floor((values[place] as number) / width));
      counts[bin] = (counts[bin] as number) + 1;
    }
    return [...counts];
  };
  return {
    edges: Array.from({ length: bins + 1 }, (_, i) => i * width),
    counts: count(weights),
    own: own ? count(own) : [],
  };
}

import { at } from '../../base/pure/must';
import {
  type Counted,
  fitMirrorMixture,
  flippedLogRatio,
  type MirrorMixture,
  refitMirrorMixture,
} from './mirrorMixture';
import { sigmoid } from '../statistics/logistic';

/** A share with its 95 % interval. */
export interface Rate {
  readonly rate: number;
  readonly low: number;
  readonly high: number;
}

/** What a rate of flipped rows would mean, and how probable the rate is. */
interface Hypothesis {
  readonly rate: number;
  readonly weight: number;
  readonly mixture: MirrorMixture;
}

/** Rates that are tried, ascending: finer where most files are. */
const rates = [
  ...Array.from({ length: 20 }, (_, i) => 0.0025 + 0.005 * i),
  ...Array.from({ length: 39 }, (_, i) => 0.105 + 0.01 * i),
];
/** The width of the interval that a rate stands for. */
const widthOf = (rate: number): number => (rate < 0.1 ? 0.005 : 0.01);

/**
 * What a rate weighs before the margins are seen: Beta(1/2, 9). Its mean is 0.05, between the 3 % of test sets that
 * experts labelled (Northcutt et al. 2021, arXiv:2103.14749) and the 25 % of hh-rlhf (arXiv:2505.17859), and rates near
 * 0 are likely, as in curated files. It decides where margins say nothing, and weighs little beside a hundred clear
 * ones.
 */
function logPrior(i: number): number {
  const rate = at(rates, i);
  return -0.5 * Math.log(rate) + 8 * Math.log(1 - rate) + Math.log(widthOf(rate));
}

/**
 * How probable each rate of flipped rows is, given the evidence of all rows. The other parameters take their best
 * values for each rate (profile likelihood). So the probability of a row averages over rates: where the margins do not
 * tell the rate, no row is certain.
 */
export class FlipOdds {
  private constructor(private readonly hypotheses: readonly Hypothesis[]) {}

  /** @param rows the evidence of all rows, at least one */
  static fit(rows: Counted): FlipOdds {
    const total = Array.from(rows.counts).reduce((sum, count) => sum + count, 0);
    const mixtures: MirrorMixture[] = [];
    for (const rate of rates) {
      const fresh = mixtures.length % 8 === 0 ? [fitMirrorMixture(rows, rate)] : [];
      const near = mixtures.at(-1);
      const tried = near === undefined ? fresh : [...fresh, refitMirrorMixture(rows, rate, near)];
      mixtures.push(tried.reduce((best, one) => (one.logLikelihood > best.logLikelihood ? one : best)));
    }
    // Backwards too: a solution from the right may be better than one from the left.
    for (let i = mixtures.length - 2; i >= 0; i--) {
      const other = refitMirrorMixture(rows, at(rates, i), at(mixtures, i + 1));
      if (other.logLikelihood > at(mixtures, i).logLikelihood) mixtures[i] = other;
    }
    const logs = mixtures.map(({ logLikelihood }, i) => total * logLikelihood + logPrior(i));
    const most = Math.max(...logs);
    const sum = logs.reduce((all, log) => all + Math.exp(log - most), 0);
    const hypotheses = mixtures.map((mixture, i) => ({
      rate: at(rates, i),
      weight: Math.exp(at(logs, i) - most) / sum,
      mixture,
    }));
    return new FlipOdds(hypotheses.filter(({ weight }) => weight > 1e-6));
  }

  /** The probability that a row with this evidence is flipped. */
  probability(x: number): number {
    return this.mean(({ rate, mixture }) => sigmoid(logit(rate) + flippedLogRatio(mixture, x)));
  }

  /** The share of flipped rows: the mean over the rates, and the interval between their quantiles. */
  get rate(): Rate {
    return { rate: this.mean(({ rate }) => rate), low: this.quantile(0.025), high: this.quantile(0.975) };
  }

  /**
   * The share of flipped rows in a part of the file, whose pairs differ as clearly as those of the whole file.
   *
   * @param rows the evidence of these rows
   */
  rateOf(rows: Counted): Rate {
    const best = this.hypotheses.reduce((found, one) => (one.weight > found.weight ? one : found));
    const ratios = Array.from(rows.centers, (x) => Math.exp(flippedLogRatio(best.mixture, x)));
    const logs = rates.map((rate, i) => {
      let sum = logPrior(i);
      for (let bin = 0; bin < ratios.length; bin++)
        if (at(rows.counts, bin) > 0) sum += at(rows.counts, bin) * Math.log(1 - rate + rate * at(ratios, bin));
      return sum;
    });
    const most = Math.max(...logs);
    const hypotheses = logs.map((log, i) => ({
      rate: at(rates, i),
      weight: Math.exp(log - most),
      mixture: best.mixture,
    }));
    const all = hypotheses.reduce((sum, { weight }) => sum + weight, 0);
    return new FlipOdds(hypotheses.map((one) => ({ ...one, weight: one.weight / all }))).rate;
  }

  private mean(of: (one: Hypothesis) => number): number {
    return this.hypotheses.reduce((sum, one) => sum + one.weight * of(one), 0);
  }

  /** Where the weights of the rates reach a share; the first rate stands for 0 to its right edge. */
  private quantile(share: number): number {
    let sum = 0;
    for (const { rate, weight } of this.hypotheses) {
      const width = widthOf(rate);
      if (sum + weight >= share) return rate - width / 2 + (width * (share - sum)) / weight;
      sum += weight;
    }
    return at(this.hypotheses, this.hypotheses.length - 1).rate;
  }
}

/** ln(p / (1 − p)) of a probability. */
export function logit(p: number): number {
  return Math.log(p) - Math.log1p(-p);
}

import { must } from '../base/pure/must';
import type { Parameter } from '../model/types';

/** Gradients by parameter name, with the parameters' lengths. */
export type Gradients = ReadonlyMap<string, Float32Array>;

/**
 * The loops of this file use this value for an index past the end of an array. NaN would show in every result. They do
 * not use at(), because they visit every trained number in each step, and V8 compiles at() once for arrays of all
 * kinds, which makes them four times as slow.
 */
const absent = Number.NaN;

/** `adam_beta1`, `adam_beta2`, `adam_epsilon` and `weight_decay` of the config. */
export interface AdamWSettings {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
}

/** First and second moment of one parameter, with the parameter's length. */
export interface Moments {
  readonly m: Float32Array;
  readonly v: Float32Array;
}

/**
 * AdamW as `torch.optim.AdamW` computes it (Loshchilov & Hutter 2019, arXiv:1711.05101). Updates parameters in place.
 */
export class AdamW {
  readonly moments: ReadonlyMap<string, Moments>;

  constructor(
    private readonly parameters: ReadonlyMap<string, Parameter>,
    private readonly settings: AdamWSettings,
  ) {
    this.moments = new Map(
      [...parameters].map(([name, { data }]) => [
        name,
        { m: new Float32Array(data.length), v: new Float32Array(data.length) },
      ]),
    );
  }

  /**
   * @param gradients of each parameter, by name
   * @param step from 1, for the bias correction
   */
  update(gradients: Gradients, learningRate: number, step: number): void {
    const { beta1, beta2, epsilon, weightDecay } = this.settings;
    const stepSize = learningRate / (1 - beta1 ** step);
    const correction = Math.sqrt(1 - beta2 ** step);
    for (const [name, { data }] of this.parameters) {
      const gradient = must(gradients.get(name), `the gradient of ${name}`);
      const keep = 1 - learningRate * (decays(name) ? weightDecay : 0);
      const { m, v } = must(this.moments.get(name), `the moments of ${name}`);
      for (let i = 0; i < data.length; i++) {
        const g = gradient[i] ?? absent;
        const mBefore = m[i] ?? absent;
        const mi = (m[i] = mBefore + (g - mBefore) * (1 - beta1));
        const vi = (v[i] = (v[i] ?? absent) * beta2 + (1 - beta2) * g * g);
        data[i] = (data[i] ?? absent) * keep - (stepSize * mi) / (Math.sqrt(vi) / correction + epsilon);
      }
    }
  }
}

/** Norm gains and biases have no weight decay (transformers `Trainer.get_decay_parameter_names`). */
function decays(name: string): boolean {
  return !/norm|\.bias$/.test(name);
}

/**
 * Scales all gradients in place so that their joint norm is at most `maxNorm` (torch `clip_grad_norm_`).
 *
 * @param maxNorm 0: gradients are not scaled
 *
 * @returns the norm before clipping
 */
export function clipGradients(gradients: Gradients, maxNorm: number): number {
  let sum = 0;
  // By index: an iterator over millions of elements takes three times as long.
  for (const gradient of gradients.values())
    for (let i = 0; i < gradient.length; i++) sum += (gradient[i] ?? absent) ** 2;
  const norm = Math.sqrt(sum);
  const factor = maxNorm / (norm + 1e-6);
  if (maxNorm > 0 && factor < 1)
    for (const gradient of gradients.values())
      for (let i = 0; i < gradient.length; i++) gradient[i] = (gradient[i] ?? absent) * factor;
  return norm;
}

/**
 * Adds a micro-batch's gradients to the mean over all micro-batches of a step. Writes into the arrays of `gradients`.
 *
 * @param sum of the micro-batches before; null for the first
 * @param parts micro-batches of the step; with a single one its gradients are the mean already
 */
export function meanGradients(sum: Gradients | null, gradients: Gradients, parts: number): Gradients {
  if (parts === 1) return gradients;
  for (const [name, gradient] of gradients) {
    const before = sum && must(sum.get(name), `the gradient of ${name}`);
    for (let i = 0; i < gradient.length; i++)
      gradient[i] = (before ? (before[i] ?? absent) : 0) + (gradient[i] ?? absent) / parts;
  }
  return gradients;
}

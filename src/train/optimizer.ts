import type { Parameter } from '../model/types';

export interface AdamWSettings {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
}

/** First and second moment of one parameter. */
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

  /** @param step from 1, for the bias correction */
  update(gradients: ReadonlyMap<string, Float32Array>, learningRate: number, step: number): void {
    const { beta1, beta2, epsilon, weightDecay } = this.settings;
    const stepSize = learningRate / (1 - beta1 ** step);
    const correction = Math.sqrt(1 - beta2 ** step);
    for (const [name, { data }] of this.parameters) {
      const gradient = gradients.get(name);
      const moments = this.moments.get(name);
      if (!gradient || !moments) continue;
      const keep = 1 - learningRate * (decays(name) ? weightDecay : 0);
      const { m, v } = moments;
      for (let i = 0; i < data.length; i++) {
        const g = gradient[i] ?? 0;
        const mi = (m[i] = (m[i] ?? 0) + (g - (m[i] ?? 0)) * (1 - beta1));
        const vi = (v[i] = (v[i] ?? 0) * beta2 + (1 - beta2) * g * g);
        data[i] = (data[i] ?? 0) * keep - (stepSize * mi) / (Math.sqrt(vi) / correction + epsilon);
      }
    }
  }
}

/** Norm gains and biases are not decayed (`transformers` Trainer.get_decay_parameter_names). */
function decays(name: string): boolean {
  return !/norm|\.bias$/.test(name);
}

/**
 * Scales gradients in place so that their joint norm is at most `maxNorm` (torch `clip_grad_norm_`); 0 leaves them.
 *
 * @returns the norm before clipping
 */
export function clipGradients(gradients: ReadonlyMap<string, Float32Array>, maxNorm: number): number {
  let sum = 0;
  // By index: an iterator over millions of elements takes three times as long.
  for (const gradient of gradients.values()) for (let i = 0; i < gradient.length; i++) sum += (gradient[i] ?? 0) ** 2;
  const norm = Math.sqrt(sum);
  const factor = maxNorm / (norm + 1e-6);
  if (maxNorm > 0 && factor < 1)
    for (const gradient of gradients.values())
      for (let i = 0; i < gradient.length; i++) gradient[i] = (gradient[i] ?? 0) * factor;
  return norm;
}

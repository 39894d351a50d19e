import { mul } from '../graph/elementwise';
import { input, knownSize, type Tensor } from '../graph/tensor';
import { seededRandom } from '../base/pure/seededRandom';
import { f32, type Feeds } from './runtime';

/**
 * Dropout on what an adapter's modules take (PEFT `lora/layer.py`, forward; Srivastava et al. 2014): each number is
 * dropped with probability `rate`, each module for itself, and those that stay are scaled by 1 / (1 − rate). Masks are
 * fed and not drawn in the graph, so that a run that is resumed drops the same. Training alone drops.
 */
export class Dropout {
  private readonly masks = new Map<string, Tensor>();

  /** @param rate 0: nothing is dropped, and the graph is as without it */
  constructor(private readonly rate: number) {}

  /** @param x [tokens, width] */
  apply(module: string, x: Tensor): Tensor {
    if (this.rate === 0) return x;
    const mask = input(`dropout:${module}`, 'f32', x.shape);
    this.masks.set(module, mask);
    return mul(x, mask);
  }

  /** The masks of one run of the graph, another for each seed. */
  feeds(tokens: number, seed: number): Feeds {
    const random = seededRandom(seed);
    const kept = 1 / (1 - this.rate);
    const drawn = [...this.masks.values()].map((mask) => {
      const width = knownSize(mask, 1);
      const values = Float32Array.from({ length: tokens * width }, () => (random() < this.rate ? 0 : kept));
      return [mask.name ?? '', f32(values, [tokens, width])] as const;
    });
    return Object.fromEntries(drawn);
  }
}

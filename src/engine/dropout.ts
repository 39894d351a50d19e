import { mul } from '../graph/elementwise';
import { input, knownSize, type Tensor } from '../graph/tensor';
import { seededRandom } from '../base/pure/seededRandom';
import { f32, type Feeds } from './runtime';

/**
 * Dropout on the input of an adapter's modules (PEFT `lora/layer.py`, forward; Srivastava et al. 2014). Each module
 * drops each number with probability `rate` and scales the others by 1 / (1 − rate). The masks are fed, not drawn in
 * the graph, so that a resumed run drops the same numbers. Only training uses dropout.
 */
export class Dropout {
  /** Inputs of the graph, by name. */
  private readonly masks = new Map<string, Tensor>();

  /** @param rate 0 drops nothing and adds nothing to the graph */
  constructor(private readonly rate: number) {}

  /** @param x [tokens, width], the input of the module */
  apply(module: string, x: Tensor): Tensor {
    if (this.rate === 0) return x;
    const name = `dropout:${module}`;
    const mask = input(name, 'f32', x.shape);
    this.masks.set(name, mask);
    return mul(x, mask);
  }

  /** The masks for one run of the graph. Another seed gives other masks. */
  feeds(tokens: number, seed: number): Feeds {
    const random = seededRandom(seed);
    const kept = 1 / (1 - this.rate);
    const feeds = [...this.masks].map(([name, mask]) => {
      const width = knownSize(mask, 1);
      const values = Float32Array.from({ length: tokens * width }, () => (random() < this.rate ? 0 : kept));
      return [name, f32(values, [tokens, width])] as const;
    });
    return Object.fromEntries(feeds);
  }
}

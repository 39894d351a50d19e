import { layerNorm, rmsNorm } from '../../graph/algebra';
import { add } from '../../graph/elementwise';
import { scalar, type Tensor } from '../../graph/tensor';
import type { Layer, Linear, Pass } from './architecture';

/**
 * The layers that own weights. Making one declares its weights, so that what is checked in the files and what a graph
 * reads from them cannot drift apart.
 */
export class LayerBuilder {
  readonly tensors = new Map<string, readonly number[]>();
  readonly linears = new Map<string, Linear>();

  /** Rows of `${name}.weight`, by index. */
  embedding(name: string, rows: number, width: number): (index: Tensor, pass: Pick<Pass, 'weights'>) => Tensor {
    const weight = this.declare(`${name}.weight`, [rows, width]);
    return (index, { weights }) => weights.embed(weight, index);
  }

  /** @param stored `transposed`: the file holds [in, outFeatures] */
  linear(module: string, inFeatures: number, outFeatures: number, bias = false, transposed = false): Layer {
    this.declare(`${module}.weight`, transposed ? [inFeatures, outFeatures] : [outFeatures, inFeatures]);
    if (bias) this.declare(`${module}.bias`, [outFeatures]);
    this.linears.set(module, { module, inFeatures, outFeatures, bias, transposed });
    return (x, { weights }) => weights.linear(module, x);
  }

  rmsNorm(name: string, size: number, eps: number): Layer {
    const gain = this.declare(`${name}.weight`, [size]);
    return (x, { weights }) => rmsNorm(x, weights.vector(gain), eps);
  }

  /** Gemma's: the file holds the gain less 1. */
  offsetRmsNorm(name: string, size: number, eps: number): Layer {
    const gain = this.declare(`${name}.weight`, [size]);
    return (x, { weights }) => rmsNorm(x, add(weights.vector(gain), scalar(1)), eps);
  }

  layerNorm(name: string, size: number, eps: number): Layer {
    const [gain, bias] = [this.declare(`${name}.weight`, [size]), this.declare(`${name}.bias`, [size])];
    return (x, { weights }) => layerNorm(x, weights.vector(gain), weights.vector(bias), eps);
  }

  declare(name: string, shape: readonly number[]): string {
    this.tensors.set(name, shape);
    return name;
  }
}

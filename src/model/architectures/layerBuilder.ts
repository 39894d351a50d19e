import { layerNorm, rmsNorm } from '../../graph/algebra';
import { add } from '../../graph/elementwise';
import { scalar, type Tensor } from '../../graph/tensor';
import type { Layer, Linear, Pass } from './architecture';

/**
 * Makes the layers that own weights, and records name and shape of each weight. So a graph reads exactly the weights
 * that are checked in the files.
 *
 * @example
 *   const build = new LayerBuilder();
 *   const up = build.linear('mlp.up_proj', 128, 352);
 *   build.tensors; // Map { 'mlp.up_proj.weight' → [352, 128] }
 *   up(x, pass); // [tokens, 128] → [tokens, 352]
 */
export class LayerBuilder {
  /** Name and shape of each weight so far. */
  readonly tensors = new Map<string, readonly number[]>();
  /** The linear layers so far, by module path. */
  readonly linears = new Map<string, Linear>();

  /** Looks up rows of `${name}.weight` [rows, width]: [tokens] → [tokens, width]. */
  embedding(name: string, rows: number, width: number): (index: Tensor, pass: Pick<Pass, 'weights'>) => Tensor {
    const weight = this.declare(`${name}.weight`, [rows, width]);
    return (index, { weights }) => weights.embed(weight, index);
  }

  /**
   * A linear layer, [tokens, in] → [tokens, out], with LoRA where an adapter has it.
   *
   * @param transposed the file stores [in, out], as GPT-2's Conv1D does
   */
  linear(module: string, inFeatures: number, outFeatures: number, bias = false, transposed = false): Layer {
    this.declare(`${module}.weight`, transposed ? [inFeatures, outFeatures] : [outFeatures, inFeatures]);
    if (bias) this.declare(`${module}.bias`, [outFeatures]);
    this.linears.set(module, { module, inFeatures, outFeatures, bias, transposed });
    return (x, { weights }) => weights.linear(module, x);
  }

  /** RMSNorm (Zhang and Sennrich 2019, arXiv:1910.07467): x / √(mean(x²) + eps) · gain. */
  rmsNorm(name: string, size: number, eps: number): Layer {
    const gain = this.declare(`${name}.weight`, [size]);
    return (x, { weights }) => rmsNorm(x, weights.vector(gain), eps);
  }

  /** Gemma's RMSNorm: the file stores gain − 1. */
  offsetRmsNorm(name: string, size: number, eps: number): Layer {
    const gain = this.declare(`${name}.weight`, [size]);
    return (x, { weights }) => rmsNorm(x, add(weights.vector(gain), scalar(1)), eps);
  }

  /** LayerNorm with gain and bias (Ba et al. 2016, arXiv:1607.06450). */
  layerNorm(name: string, size: number, eps: number): Layer {
    const [gain, bias] = [this.declare(`${name}.weight`, [size]), this.declare(`${name}.bias`, [size])];
    return (x, { weights }) => layerNorm(x, weights.vector(gain), weights.vector(bias), eps);
  }

  /** Records a weight that the files must hold, and returns its name. */
  declare(name: string, shape: readonly number[]): string {
    this.tensors.set(name, shape);
    return name;
  }
}

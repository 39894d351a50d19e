import { gemm } from '../graph/algebra';
import { toF32 } from '../graph/elementwise';
import { GraphError } from '../graph/graphError';
import { gatherRows } from '../graph/structure';
import { input, weight, type Tensor } from '../graph/tensor';
import type { Weights } from '../model/architectures/architecture';
import { loraKey, loraScale } from '../model/lora';
import type { Adapter, Checkpoint, Parameter } from '../model/types';

/**
 * A checkpoint's weights as symbols of one graph: frozen ones point into the user's file, replaced and trained ones are
 * inputs, and a module with an adapter on it is W + scale·B·A.
 */
export class GraphWeights implements Weights {
  /** Inputs that hold parameters, by name, in order of first use. */
  readonly inputs = new Map<string, Tensor>();
  private readonly frozen = new Map<string, Tensor>();
  private readonly adapted: ReadonlySet<string>;

  constructor(
    private readonly checkpoint: Checkpoint,
    private readonly adapter: Adapter | null,
    private readonly replaced: ReadonlyMap<string, Parameter>,
  ) {
    this.adapted = new Set(adapter?.modules);
  }

  vector(name: string): Tensor {
    return this.full(name);
  }

  matrix(name: string): Tensor {
    return this.full(name);
  }

  embed(name: string, ids: Tensor): Tensor {
    const table = this.stored(name);
    const rows = gatherRows(table, ids);
    // Narrow rows are widened after the gather, so that the whole table never is.
    return table.dtype === 'f32' ? rows : toF32(rows);
  }

  linear(module: string, x: Tensor): Tensor {
    const { bias, transposed } = this.checkpoint.model.linears.get(module) ?? { bias: false, transposed: false };
    const y = gemm(x, this.full(`${module}.weight`), { transB: !transposed, ...(bias ? { plus: this.full(`${module}.bias`) } : {}) });
    return this.adapter && this.adapted.has(module) ? this.lora(this.adapter, module, x, y) : y;
  }

  /** y + scale·(x·Aᵀ)·Bᵀ. */
  private lora({ parameters, settings }: Adapter, module: string, x: Tensor, y: Tensor): Tensor {
    const matrix = (kind: 'A' | 'B'): Tensor => {
      const parameter = parameters.get(loraKey(module, kind));
      if (!parameter) throw new GraphError('missing-weight', `The adapter has no ${loraKey(module, kind)}`);
      return this.parameter(parameter);
    };
    const low = gemm(x, matrix('A'), { transB: true });
    return gemm(low, matrix('B'), { transB: true, alpha: loraScale(settings, module), plus: y });
  }

  private parameter({ name, shape }: Parameter): Tensor {
    const tensor = this.inputs.get(name) ?? input(name, 'f32', shape);
    this.inputs.set(name, tensor);
    return tensor;
  }

  private stored(name: string): Tensor {
    const replacement = this.replaced.get(name);
    if (replacement) return this.parameter(replacement);
    const stored = this.checkpoint.weights.get(name);
    if (!stored) throw new GraphError('missing-weight', `${this.checkpoint.folder} has no weight ${name}`);
    const tensor = this.frozen.get(name) ?? weight(name, stored.dtype, stored.shape, stored);
    this.frozen.set(name, tensor);
    return tensor;
  }

  private full(name: string): Tensor {
    const tensor = this.stored(name);
    if (tensor.dtype === 'f32') return tensor;
    const wide = this.frozen.get(`${name}:f32`) ?? toF32(tensor);
    this.frozen.set(`${name}:f32`, wide);
    return wide;
  }
}

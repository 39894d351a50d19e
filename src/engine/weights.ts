import { gemm } from '../graph/algebra';
import { dequantize, toF32 } from '../graph/elementwise';
import { MarginError } from '../base/pure/marginError';
import { gatherRows, reshape } from '../graph/structure';
import { input, weight, type Tensor } from '../graph/tensor';
import type { Weights } from '../model/architectures/architecture';
import { loraKey, loraScale } from '../model/lora';
import type { Adapter, Checkpoint, Parameter, Quantised, StoredTensor } from '../model/types';
import { Dropout } from './dropout';

/**
 * A checkpoint's weights as symbols of one graph: frozen ones point into the user's file, replaced and trained ones are
 * inputs, and a module with an adapter on it is W + scale·B·A.
 */
export class GraphWeights implements Weights {
  /** Inputs that hold parameters, by name, in order of first use. */
  readonly inputs = new Map<string, Tensor>();
  private readonly frozen = new Map<string, Tensor>();
  private readonly fulls = new Map<string, Tensor>();
  private readonly adapted: ReadonlySet<string>;

  constructor(
    private readonly checkpoint: Checkpoint,
    private readonly adapter: Adapter | null,
    private readonly replaced: ReadonlyMap<string, Parameter>,
    private readonly dropout = new Dropout(0),
  ) {
    this.adapted = new Set(adapter?.modules);
  }

  /** x·Wᵀ of the head's matrix. */
  head(x: Tensor): Tensor {
    return gemm(x, this.full(this.checkpoint.model.head), { transB: true });
  }

  vector(name: string): Tensor {
    return this.full(name);
  }

  matrix(name: string): Tensor {
    return this.full(name);
  }

  embed(name: string, ids: Tensor): Tensor {
    // Narrow rows are widened after the gather, so that the whole table never is.
    return this.wide(name, (part) => gatherRows(part, ids));
  }

  linear(module: string, x: Tensor): Tensor {
    const y = this.product(module, x);
    return this.adapter && this.adapted.has(module) ? this.lora(this.adapter, module, x, y) : y;
  }

  /** What the module gives without an adapter. */
  protected product(module: string, x: Tensor): Tensor {
    const { bias, transposed } = this.checkpoint.model.linears.get(module) ?? { bias: false, transposed: false };
    return gemm(x, this.full(`${module}.weight`), {
      transB: !transposed,
      ...(bias ? { plus: this.full(`${module}.bias`) } : {}),
    });
  }

  /** y + scale·(x·Aᵀ)·Bᵀ, with dropout on x. */
  private lora({ parameters, settings }: Adapter, module: string, x: Tensor, y: Tensor): Tensor {
    const matrix = (kind: 'A' | 'B'): Tensor => {
      const parameter = parameters.get(loraKey(module, kind));
      if (!parameter) throw new MarginError('missing-weight', `The adapter has no ${loraKey(module, kind)}`);
      return this.parameter(parameter);
    };
    const low = gemm(this.dropout.apply(module, x), matrix('A'), { transB: true });
    return gemm(low, matrix('B'), { transB: true, alpha: loraScale(settings, module), plus: y });
  }

  private parameter({ name, shape }: Parameter): Tensor {
    const tensor = this.inputs.get(name) ?? input(name, 'f32', shape);
    this.inputs.set(name, tensor);
    return tensor;
  }

  private full(name: string): Tensor {
    const full = this.fulls.get(name) ?? this.wide(name, (part) => part);
    this.fulls.set(name, full);
    return full;
  }

  /** A weight, or what `of` takes of it, as f32. */
  private wide(name: string, of: (part: Tensor) => Tensor): Tensor {
    const replacement = this.replaced.get(name);
    if (replacement) return of(this.parameter(replacement));
    const stored = this.checkpoint.weights.get(name);
    if (!stored) throw new MarginError('missing-weight', `${this.checkpoint.folder} has no weight ${name}`);
    if (stored.quantised) return unpacked(stored, stored.quantised, (part, shape) => of(this.mapped(part, shape)));
    const part = of(this.mapped(stored, stored.shape));
    return stored.dtype === 'f32' ? part : toF32(part);
  }

  /** Bytes of the file, once a graph. */
  private mapped(stored: StoredTensor, shape: readonly number[]): Tensor {
    const tensor = this.frozen.get(stored.name) ?? weight(stored.name, stored.dtype, shape, stored);
    this.frozen.set(stored.name, tensor);
    return tensor;
  }
}

/**
 * A quantised matrix, or rows of it, as f32 [rows, columns].
 *
 * @param take gives a part of what is stored in the given shape, or the same rows of each
 */
function unpacked(
  stored: StoredTensor,
  { scale, minimum }: Quantised,
  take: (part: StoredTensor, shape: readonly number[]) => Tensor,
): Tensor {
  const [rows = 0, columns = 0] = stored.shape;
  const groups = scale.shape[1] ?? 1;
  const values = dequantize(
    take(stored, [rows, groups, columns / groups]),
    take(scale, [rows, groups, 1]),
    minimum && take(minimum, [rows, groups, 1]),
  );
  return reshape(values, [values.shape[0] ?? 1, columns]);
}

import { gemm } from '../graph/algebra';
import { dequantize, toF32 } from '../graph/elementwise';
import { MarginError } from '../base/pure/marginError';
import { at, must } from '../base/pure/must';
import { gatherRows, reshape } from '../graph/structure';
import { input, weight, type Tensor } from '../graph/tensor';
import type { Weights } from '../model/architectures/architecture';
import { loraKey, loraScale } from '../model/lora';
import type { Adapter, Checkpoint, Parameter, Quantised, StoredTensor } from '../model/types';
import { Dropout } from './dropout';

/**
 * The weights of a checkpoint as symbols of one graph. Frozen weights are external data in the user's file. Replaced
 * and trained weights are inputs. A linear layer with an adapter is W + scale·B·A.
 */
export class GraphWeights implements Weights {
  /** The inputs for parameters, by name, in the order of first use. */
  readonly inputs = new Map<string, Tensor>();
  private readonly frozen = new Map<string, Tensor>();
  private readonly wholes = new Map<string, Tensor>();
  private readonly adapted: ReadonlySet<string>;

  /** @param replaced weights to use instead of the checkpoint's, by name */
  constructor(
    private readonly checkpoint: Checkpoint,
    private readonly adapter: Adapter | null,
    private readonly replaced: ReadonlyMap<string, Parameter>,
    private readonly dropout = new Dropout(0),
  ) {
    this.adapted = new Set(adapter?.modules);
  }

  /** Logits: x [rows, hidden] to [rows, vocabulary]. */
  head(x: Tensor): Tensor {
    return gemm(x, this.whole(this.checkpoint.model.head), { transB: true });
  }

  /** A weight of shape [width], f32. */
  vector(name: string): Tensor {
    return this.whole(name);
  }

  /** A weight of shape [out, in], f32. */
  matrix(name: string): Tensor {
    return this.whole(name);
  }

  /** Rows of an embedding table: ids [tokens] or [tokens, 1] to [tokens, hidden]. */
  embed(name: string, ids: Tensor): Tensor {
    // Converts the gathered rows to f32, and never the whole table.
    return this.asF32(name, (part) => gatherRows(part, ids));
  }

  /** A linear layer with its adapter: x [tokens, in] to [tokens, out]. */
  linear(module: string, x: Tensor): Tensor {
    const y = this.product(module, x);
    return this.adapter && this.adapted.has(module) ? this.lora(this.adapter, module, x, y) : y;
  }

  /** A linear layer without its adapter. */
  protected product(module: string, x: Tensor): Tensor {
    const { bias, transposed } = must(this.checkpoint.model.linears.get(module), `the linear layer ${module}`);
    return gemm(x, this.whole(`${module}.weight`), {
      transB: !transposed,
      ...(bias ? { plus: this.whole(`${module}.bias`) } : {}),
    });
  }

  /** y + scale·(x·Aᵀ)·Bᵀ with dropout on x (Hu et al. 2021, arXiv:2106.09685). A [r, in], B [out, r]. */
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

  /** A whole weight as f32. */
  private whole(name: string): Tensor {
    const full = this.wholes.get(name) ?? this.asF32(name, (stored) => stored);
    this.wholes.set(name, full);
    return full;
  }

  /** A weight, or the part that `select` takes of it, as f32. */
  private asF32(name: string, select: (stored: Tensor) => Tensor): Tensor {
    const replacement = this.replaced.get(name);
    if (replacement) return select(this.parameter(replacement));
    const stored = this.checkpoint.weights.get(name);
    if (!stored) throw new MarginError('missing-weight', `${this.checkpoint.folder} has no weight ${name}`);
    if (stored.quantised)
      return unquantised(stored, stored.quantised, (tensor, shape) => select(this.external(tensor, shape)));
    const part = select(this.external(stored, stored.shape));
    return stored.dtype === 'f32' ? part : toF32(part);
  }

  /** A tensor in the user's file; one symbol for each in a graph. */
  private external(stored: StoredTensor, shape: readonly number[]): Tensor {
    const tensor = this.frozen.get(stored.name) ?? weight(stored.name, stored.dtype, shape, stored);
    this.frozen.set(stored.name, tensor);
    return tensor;
  }
}

/**
 * A quantised matrix, or some of its rows, as f32 [rows, columns].
 *
 * @param select reads a stored tensor in the given shape, or the same rows of each
 */
function unquantised(
  stored: StoredTensor,
  { scale, minimum }: Quantised,
  select: (tensor: StoredTensor, shape: readonly number[]) => Tensor,
): Tensor {
  const [rows, columns, groups] = [at(stored.shape, 0), at(stored.shape, 1), at(scale.shape, 1)];
  const values = dequantize(
    select(stored, [rows, groups, columns / groups]),
    select(scale, [rows, groups, 1]),
    minimum && select(minimum, [rows, groups, 1]),
  );
  return reshape(values, [at(values.shape, 0), columns]);
}

import { int8Product } from '../graph/algebra';
import { add } from '../graph/elementwise';
import { MarginError } from '../base/pure/marginError';
import { must } from '../base/pure/must';
import { weight, type Tensor } from '../graph/tensor';
import type { Int8Matrix } from '../model/int8Copy';
import type { Adapter, Checkpoint } from '../model/types';
import { GraphWeights } from './weights';

/** The weights of the drafter: matrices from the 8-bit copy, vectors and embeddings from the checkpoint. */
export class DraftWeights extends GraphWeights {
  /** @param matrices the 8-bit copies, by the name of the weight */
  constructor(
    private readonly own: Checkpoint,
    adapter: Adapter | null,
    private readonly matrices: ReadonlyMap<string, Int8Matrix>,
  ) {
    super(own, adapter, new Map());
  }

  override head(x: Tensor): Tensor {
    return this.int8(this.own.model.head, x);
  }

  protected override product(module: string, x: Tensor): Tensor {
    const y = this.int8(`${module}.weight`, x);
    const { bias } = must(this.own.model.linears.get(module), `the linear layer ${module}`);
    return bias ? add(y, this.vector(`${module}.bias`)) : y;
  }

  private int8(name: string, x: Tensor): Tensor {
    const matrix = this.matrices.get(name);
    if (!matrix) throw new MarginError('missing-weight', `There is no 8-bit copy of ${name}`);
    const { file, rows, blocks, block, numbers, scales } = matrix;
    const q = weight(`${name}.numbers`, 'u8', [rows, blocks, block], {
      file,
      offset: numbers,
      bytes: rows * blocks * block,
    });
    return int8Product(
      x,
      q,
      weight(`${name}.scales`, 'f32', [rows * blocks], { file, offset: scales, bytes: rows * blocks * 4 }),
    );
  }
}

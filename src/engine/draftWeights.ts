import { narrowProduct } from '../graph/algebra';
import { add } from '../graph/elementwise';
import { MarginError } from '../base/pure/marginError';
import { weight, type Tensor } from '../graph/tensor';
import type { Int8Matrix } from '../model/int8Copy';
import type { Adapter, Checkpoint } from '../model/types';
import { GraphWeights } from './weights';

/** Weights whose matrices are the narrow copies; vectors and embeddings are the checkpoint's own. */
export class DraftWeights extends GraphWeights {
  constructor(
    private readonly own: Checkpoint,
    adapter: Adapter | null,
    private readonly copies: ReadonlyMap<string, Int8Matrix>,
  ) {
    super(own, adapter, new Map());
  }

  override head(x: Tensor): Tensor {
    return this.narrow(this.own.model.head, x);
  }

  protected override product(module: string, x: Tensor): Tensor {
    const y = this.narrow(`${module}.weight`, x);
    return this.own.model.linears.get(module)?.bias ? add(y, this.vector(`${module}.bias`)) : y;
  }

  private narrow(name: string, x: Tensor): Tensor {
    const copy = this.copies.get(name);
    if (!copy) throw new MarginError('missing-weight', `There is no narrow copy of ${name}`);
    const { file, rows, blocks, block, numbers, scales } = copy;
    const q = weight(`${name}.numbers`, 'u8', [rows, blocks, block], {
      file,
      offset: numbers,
      bytes: rows * blocks * block,
    });
    return narrowProduct(
      x,
      q,
      weight(`${name}.scales`, 'f32', [rows * blocks], { file, offset: scales, bytes: rows * blocks * 4 }),
    );
  }
}

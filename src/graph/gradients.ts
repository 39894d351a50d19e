import { MarginError } from '../base/pure/marginError';
import { must } from '../base/pure/must';
import { add } from './elementwise';
import { entryOf } from './ops';
import { withRecompute } from './recompute';
import { node, scalar, type Tensor } from './tensor';
import { topological } from './topological';

/**
 * The gradients of a scalar loss with respect to `wanted`, as new symbols in the order and shapes of `wanted`. One walk
 * from the loss backwards applies the gradient rules of `ops.ts`, only along paths that lead to a wanted tensor.
 *
 * @throws MarginError `no-rule` names an op without a gradient rule; `no-gradient`: the loss does not depend on a
 *   wanted tensor
 */
export function gradients(loss: Tensor, wanted: readonly Tensor[]): Tensor[] {
  const order = topological([loss]);
  const onPath = new Set<Tensor>(wanted);
  for (const tensor of order) if (tensor.inputs.some((input) => onPath.has(input))) onPath.add(tensor);

  const incoming = new Map<Tensor, Tensor>([[loss, scalar(1)]]);
  for (const tensor of order.toReversed()) {
    const dy = incoming.get(tensor);
    if (!dy || !onPath.has(tensor) || tensor.inputs.length === 0) continue;
    const { gradient: rule } = entryOf(tensor.op);
    if (rule === 'none')
      throw new MarginError('no-rule', `The op ${tensor.op} has no gradient rule; add it to src/graph/ops.ts`, {
        op: tensor.op,
      });
    rule(dy, tensor, ...tensor.inputs).forEach((gradient, i) => {
      const input = must(tensor.inputs[i], `input ${i} of ${tensor.op}, to which its rule gives a gradient,`);
      if (!gradient || !onPath.has(input)) return;
      const before = incoming.get(input);
      incoming.set(input, before ? accumulate(before, gradient) : gradient);
    });
  }
  const found = wanted.map((tensor) => {
    const gradient = incoming.get(tensor);
    if (!gradient) throw new MarginError('no-gradient', `The loss does not depend on ${tensor.name ?? tensor.op}`);
    return gradient;
  });
  return withRecompute(found, new Set(order));
}

/** The sum of two gradients of one tensor. A matrix product adds the other gradient in its own kernel. */
function accumulate(before: Tensor, gradient: Tensor): Tensor {
  if (gradient.op !== 'Gemm' || gradient.inputs.length !== 2) return add(before, gradient);
  return node('Gemm', [...gradient.inputs, before], gradient.shape, gradient.attributes);
}

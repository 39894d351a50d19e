import { add } from './elementwise';
import { MarginError } from '../base/pure/marginError';
import { recomputing } from './recompute';
import { rules } from './rules';
import { node, scalar, type Tensor } from './tensor';
import { topological } from './topological';

/**
 * Gradients of a scalar towards `wanted`, as new symbols: one reverse walk over the table of rules, only along paths
 * that lead to a wanted tensor.
 *
 * @throws MarginError `no-rule` naming the op without a rule; `no-gradient` if a wanted tensor does not reach the loss
 */
export function gradients(loss: Tensor, wanted: readonly Tensor[]): Tensor[] {
  const order = topological([loss]);
  const onPath = new Set<Tensor>(wanted);
  for (const tensor of order) if (tensor.inputs.some((input) => onPath.has(input))) onPath.add(tensor);

  const incoming = new Map<Tensor, Tensor>([[loss, scalar(1)]]);
  for (const tensor of order.toReversed()) {
    const dy = incoming.get(tensor);
    if (!dy || !onPath.has(tensor) || tensor.inputs.length === 0) continue;
    const rule = Object.hasOwn(rules, tensor.op) ? rules[tensor.op] : undefined;
    if (!rule)
      throw new MarginError('no-rule', `No gradient rule for the op ${tensor.op}; add it to src/graph/rules.ts`, {
        op: tensor.op,
      });
    rule(dy, tensor, ...tensor.inputs).forEach((gradient, i) => {
      const input = tensor.inputs[i];
      if (!gradient || !input || !onPath.has(input)) return;
      const before = incoming.get(input);
      incoming.set(input, before ? accumulate(before, gradient) : gradient);
    });
  }
  const found = wanted.map((tensor) => {
    const gradient = incoming.get(tensor);
    if (!gradient) throw new MarginError('no-gradient', `The loss does not depend on ${tensor.name ?? tensor.op}`);
    return gradient;
  });
  return recomputing(found, new Set(order));
}

/** Sum of two gradients of one tensor; a product takes the other one up as its addend. */
function accumulate(before: Tensor, gradient: Tensor): Tensor {
  if (gradient.op !== 'Gemm' || gradient.inputs.length !== 2) return add(before, gradient);
  return node('Gemm', [...gradient.inputs, before], gradient.shape, gradient.attributes);
}

import { must } from '../base/pure/must';
import type { Tensor } from './tensor';

/**
 * `outputs` and everything they are made from, each tensor after its inputs, depth first.
 *
 * @param visits gives the order in which a tensor's inputs are visited
 */
export function topological(
  outputs: readonly Tensor[],
  visits: (inputs: readonly Tensor[]) => readonly Tensor[] = (inputs) => inputs,
): Tensor[] {
  const order: Tensor[] = [];
  const seen = new Set<Tensor>();
  // An explicit stack, because a model's graph is deeper than the call stack allows.
  const stack: { tensor: Tensor; rest: Iterator<Tensor> }[] = [];
  const enter = (tensor: Tensor): void => {
    if (!seen.has(tensor)) stack.push({ tensor, rest: visits(tensor.inputs).values() });
    seen.add(tensor);
  };
  for (const output of outputs) {
    enter(output);
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const { done, value } = top.rest.next();
      if (!done) enter(value);
      else {
        stack.pop();
        order.push(top.tensor);
      }
    }
  }
  return order;
}

/** The length of the longest chain of ops that ends in each tensor; 1 for a leaf. */
export function depths(outputs: readonly Tensor[]): ReadonlyMap<Tensor, number> {
  const depth = new Map<Tensor, number>();
  const depthOf = (tensor: Tensor): number => must(depth.get(tensor), 'the depth of an input');
  for (const tensor of topological(outputs)) depth.set(tensor, 1 + Math.max(0, ...tensor.inputs.map(depthOf)));
  return depth;
}

import type { Tensor } from './tensor';

/**
 * Everything `outputs` are made from, each tensor after its inputs, depth first.
 *
 * @param visits the order in which a tensor's inputs are entered
 */
export function topological(
  outputs: readonly Tensor[],
  visits: (inputs: readonly Tensor[]) => readonly Tensor[] = (inputs) => inputs,
): Tensor[] {
  const order: Tensor[] = [];
  const seen = new Set<Tensor>();
  // An explicit stack: a model's graph is deeper than the call stack likes.
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
      else order.push((stack.pop() ?? top).tensor);
    }
  }
  return order;
}

/** Length of the longest chain of ops that ends in each tensor. */
export function depths(outputs: readonly Tensor[]): ReadonlyMap<Tensor, number> {
  const found = new Map<Tensor, number>();
  for (const tensor of topological(outputs))
    found.set(tensor, 1 + Math.max(0, ...tensor.inputs.map((input) => found.get(input) ?? 0)));
  return found;
}

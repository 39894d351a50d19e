import { preparedWeights } from './prepared';
import { isSquare } from './shapes';
import type { Tensor } from './tensor';
import { topological } from './topological';

/**
 * Ops that cost a pass over their elements and whose gradient rule keeps all that they are made from: kept as well,
 * their results would be a third of a step's memory; made again in the backward pass they cost about 2 % of its time.
 */
const cheap: ReadonlySet<string> = new Set([
  'QuickGelu',
  'Gelu',
  'Mul',
  'SimplifiedLayerNormalization',
  'LayerNormalization',
]);

/**
 * The same gradients, for which the forward pass keeps less: what is cheap or large is computed again, once, where the
 * backward pass first needs it, and so are prepared weights (Chen et al. 2016, arXiv:1604.06174, with single ops in
 * place of whole layers). Bits stay the same.
 *
 * @param forward all that the loss is made from, in topological order
 */
export function recomputing(gradients: readonly Tensor[], forward: ReadonlySet<Tensor>): Tensor[] {
  const prepared = preparedWeights([...forward]);
  // Scores of attention and their softmax are as many numbers as all else of a layer where rows are long, and are made
  // of queries and keys, which grow with the row and not with its square.
  const isMadeAgain = (tensor: Tensor): boolean =>
    tensor.inputs.length > 0 && (cheap.has(tensor.op) || isSquare(tensor.shape) || prepared.has(tensor));
  const again = new Map<Tensor, Tensor>();
  for (const tensor of topological(gradients)) {
    const isForward = forward.has(tensor);
    if (isForward && !isMadeAgain(tensor)) continue;
    const inputs = tensor.inputs.map((input) => again.get(input) ?? input);
    if (isForward || inputs.some((input, i) => input !== tensor.inputs[i])) again.set(tensor, { ...tensor, inputs });
  }
  return gradients.map((gradient) => again.get(gradient) ?? gradient);
}

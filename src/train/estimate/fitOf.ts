import { trainedCopies, usableShare } from './advice';

const f32Bytes = 4;

/** What of a model can be trained in memory: everything, only an adapter, or nothing. */
export type Fit = 'all' | 'lora' | 'none';

/**
 * What of a model fits in memory by the sizes in its headers alone. The estimate of a run also measures what its rows
 * and batches need.
 *
 * @param bytes of the weights as they are stored
 * @param parameters numbers in the weights
 * @param free bytes of memory
 */
export function fitOf(bytes: number, parameters: number, free: number): Fit {
  const usable = usableShare * free;
  if (bytes + trainedCopies * f32Bytes * parameters <= usable) return 'all';
  return bytes <= usable ? 'lora' : 'none';
}

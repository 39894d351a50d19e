import { inPrecision } from '../model/precision';
import type { Checkpoint } from '../model/types';
import type { Device } from './types';

/**
 * A model as a device can take its weights: ONNX Runtime's WebGPU has no kernel for bf16 and blocks of whole numbers,
 * and many a card's driver none for f16, so there they are f32, made once.
 *
 * @param cache the folder in which converted models lie
 * @throws MarginError those of reading the weights
 */
export async function takenBy(device: Device, checkpoint: Checkpoint, cache: string): Promise<Checkpoint> {
  return device === 'webgpu' ? inPrecision(checkpoint, 'f32', cache) : checkpoint;
}

import { inPrecision } from '../model/precision';
import type { Checkpoint } from '../model/types';
import type { Device } from './types';

/**
 * The checkpoint in a precision that the device can compute with. ONNX Runtime's WebGPU has no kernel for bf16 or
 * quantised blocks, and the drivers of many graphics cards have none for f16. So for WebGPU the weights are converted
 * to f32 once and kept in the cache.
 *
 * @param cache the folder of converted models
 * @throws MarginError the errors of reading the weights
 */
export async function inDevicePrecision(device: Device, checkpoint: Checkpoint, cache: string): Promise<Checkpoint> {
  return device === 'webgpu' ? inPrecision(checkpoint, 'f32', cache) : checkpoint;
}

import { describe, expect, it } from 'vitest';
import { MarginError } from '../../../src/base/pure/marginError';
import type { DeviceName } from '../../../src/run/types';
import { candidatesOn, chooseDevice, type DeviceChoice } from '../../../src/train/deviceTrial';
import type { Measured } from '../../../src/train/estimate/types';
import { sampleRun } from './sampleRun';

const took = (seconds: number): Measured => ({
  ended: 'done',
  plan: null,
  phases: { typical: { seconds, own: 0 } },
});

/** Chooses where a dry run on each device ends as given. */
async function choose(results: Readonly<Partial<Record<DeviceName, Measured | Error>>>): Promise<DeviceChoice> {
  const config = await sampleRun({ per_device_train_batch_size: 4 }, 4);
  return chooseDevice(config, Object.keys(results) as DeviceName[], async ({ device }) => {
    const result = results[device];
    if (!result || result instanceof Error) throw result ?? new Error(device);
    return result;
  });
}

const missing = new MarginError(
  'no-device',
  'device "webgpu" cannot be used here: /onnxruntime_src/core/webgpu.cc:136 x was false. No supported adapters\n. Set device to "cpu", or install what the device needs.',
);

describe('the device "auto"', () => {
  it('is the one with the fastest second step, and says what the others took or lack', async () => {
    expect(await choose({ cpu: took(2), webgpu: missing, cuda: took(0.25) })).toEqual({
      device: 'cuda',
      why: 'device "auto" is cuda: 0.250 s for a step of 4 pairs; cpu takes 2.00 s; webgpu cannot be used (No supported adapters).',
    });
  });

  it('is the CPU where the others are slower or do not take a step', async () => {
    const killed: Measured = { ended: 'killed', plan: null, phases: {} };
    const { device, why } = await choose({ cpu: took(1), webgpu: took(1), cuda: killed });
    expect(device).toBe('cpu');
    expect(why).toContain('cuda cannot be used (its dry run was killed)');
  });

  it('does not hide what is wrong with the config: the error of the CPU is the error', async () => {
    await expect(choose({ cpu: new MarginError('no-rows', 'no row is left'), webgpu: took(1) })).rejects.toThrow(
      'no row is left',
    );
  });

  it('tries DirectML on Windows only, and CUDA not on a Mac', () => {
    expect(candidatesOn('linux')).toEqual(['cpu', 'webgpu', 'cuda']);
    expect(candidatesOn('win32')).toEqual(['cpu', 'webgpu', 'cuda', 'dml']);
    expect(candidatesOn('darwin')).toEqual(['cpu', 'webgpu']);
  });
});

import { describe, expect, it } from 'vitest';
import { pathFrom } from '../../../../src/host/train/pathFrom';

describe('a path in a config', () => {
  it('is relative if it is near, and absolute if it is far', () => {
    expect(pathFrom('/work/a', '/work/a/model')).toBe('model');
    expect(pathFrom('/work/a', '/work/a')).toBe('.');
    expect(pathFrom('/work/a/b', '/work/models/m')).toBe('../../models/m');
    expect(pathFrom('/work/a/b', '/home/ann/.cache/huggingface/hub/models--x')).toBe(
      '/home/ann/.cache/huggingface/hub/models--x',
    );
  });
});

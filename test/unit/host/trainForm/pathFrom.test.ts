import { describe, expect, it } from 'vitest';
import { pathFrom } from '../../../../src/host/train/pathFrom';

describe('a path in a config', () => {
  it('is relative if it is near, and absolute if it is far', () => {
    expect(pathFrom('/data/a', '/data/a/model')).toBe('model');
    expect(pathFrom('/data/a', '/data/a')).toBe('.');
    expect(pathFrom('/data/a/b', '/data/models/m')).toBe('../../models/m');
    expect(pathFrom('/data/a/b', '/home/ann/.cache/huggingface/hub/models--x')).toBe(
      '/home/ann/.cache/huggingface/hub/models--x',
    );
  });
});

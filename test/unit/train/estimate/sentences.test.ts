import { expect, it } from 'vitest';
import { bytes, time } from '../../../../src/train/estimate/sentences';

it.each([
  [800, '1 KB'],
  [611_600_000, '612 MB'],
  [1_130_000_000, '1.1 GB'],
  [14_354_800_000_000, '14.4 TB'],
])('%d bytes are %s', (count, text) => {
  expect(bytes(count)).toBe(text);
});

it.each([
  [0.42, '0.42 s'],
  [4.2, '4.2 s'],
  [45.3, '45 s'],
  [720, '12 min'],
  [7500, '2 h 5 min'],
])('%d seconds are %s', (seconds, text) => {
  expect(time(seconds)).toBe(text);
});

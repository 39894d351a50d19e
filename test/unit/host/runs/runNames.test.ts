import { describe, expect, it } from 'vitest';
import { sharedNames, startTime } from '../../../../src/host/runs/runNames';

describe('the names of runs', () => {
  it('are shared if two runs have the same', () => {
    const names = ['sample', 'other', 'sample', 'sample'];
    expect([...sharedNames(names.map((name) => ({ name })))]).toEqual(['sample']);
  });
});

describe('the start of a run', () => {
  const start = new Date(2026, 10, 23, 15, 42, 7).getTime();

  it('of today is a time of day, with seconds, because two runs may start in one minute', () => {
    expect(startTime(start, start + 3600e3, 'en-GB')).toBe('15:42:07');
  });

  it('of another day has the day too', () => {
    expect(startTime(start, start + 24 * 3600e3, 'en-GB')).toMatch(/^23 Nov.*15:42:07$/);
  });
});

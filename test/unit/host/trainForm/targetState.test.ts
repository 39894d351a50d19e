import { describe, expect, it } from 'vitest';
import { targetState } from '../../../../src/host/trainForm/targetState';

const printed = {
  target: 'cluster',
  parameters: 10,
  fits: null,
  summary: 'time unknown, cost unknown, about 54 MB per process',
  memory: { bytes: 5, parts: [{ name: 'weights', bytes: 5, how: '5 values' }] },
  assumptions: ['A.'],
  unknown: [{ what: 'time', why: 'No run.' }],
};

describe('the estimate for a target in the form', () => {
  it('has what the command line prints, as far as the form shows it', () => {
    expect(targetState(JSON.stringify(printed), '')).toEqual({
      kind: 'target',
      needs: {
        target: 'cluster',
        fits: null,
        summary: printed.summary,
        memory: printed.memory.parts,
        assumptions: ['A.'],
        unknown: printed.unknown,
      },
    });
  });

  it('says why there is none', () => {
    const message = 'There is no target clutser. Did you mean cluster?';
    expect(targetState(JSON.stringify({ error: { code: 'unknown-target', message } }), '')).toEqual({
      kind: 'failed',
      message,
    });
    expect(targetState('', 'out of memory')).toEqual({ kind: 'failed', message: 'out of memory' });
  });
});

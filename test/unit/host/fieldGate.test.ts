import { describe, expect, it } from 'vitest';
import { FieldGate } from '../../../src/host/review/fieldGate';

describe('keys of the review', () => {
  it('are not verdicts between the key that opens a field and the field', () => {
    const gate = new FieldGate(() => 0);
    expect(gate.isClosed).toBe(false);
    gate.close();
    expect(gate.isClosed).toBe(true);
    gate.open();
    expect(gate.isClosed).toBe(false);
  });

  it('are verdicts again after three seconds, if the view does not answer', () => {
    let now = 0;
    const gate = new FieldGate(() => now);
    gate.close();
    now = 2999;
    expect(gate.isClosed).toBe(true);
    now = 3000;
    expect(gate.isClosed).toBe(false);
  });
});

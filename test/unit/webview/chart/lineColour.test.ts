import { describe, expect, it } from 'vitest';
import { opaque } from '../../../../webview/shared/chart/lineColour';

describe('the colour of a line', () => {
  it('lets nothing of the background through', () => {
    expect(opaque('rgba(234, 92, 0, 0.33)')).toBe('rgb(234, 92, 0)');
    expect(opaque('#EA5C0055')).toBe('#EA5C00');
  });

  it('stays as it is where it is opaque', () => {
    for (const colour of ['#59a4f9', '#fff', 'rgb(1, 2, 3)', 'white']) expect(opaque(colour)).toBe(colour);
  });
});

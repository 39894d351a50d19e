import { beforeEach, describe, expect, it, vi } from 'vitest';
import { chartKey } from '../../../../webview/shared/chart/chartKeys';
import { ChartGroup } from '../../../../webview/shared/chart/group';
import { type Line, lineOf } from '../../../../webview/shared/chart/lines';

const column = Float64Array.from({ length: 101 }, (_, i) => i);
const series = { label: 'loss', colour: '', x: column, y: column };
const lines: readonly Line[] = [lineOf(series, 0, null)].filter((line) => line !== null);

function groupOf(): { group: ChartGroup; followed: string[]; press: (...keys: string[]) => void } {
  const followed: string[] = [];
  const group = new ChartGroup();
  group.add({ lines, extent: [0, 100], follow: (change) => followed.push(change) });
  const press = (...keys: string[]): void => {
    for (const key of keys) {
      const shiftKey = key.startsWith('Shift+');
      expect(chartKey({ key: key.replace('Shift+', ''), shiftKey }, group, lines)).toBe(true);
    }
  };
  return { group, followed, press };
}

describe('charts of a group', () => {
  beforeEach(() => {
    vi.stubGlobal('requestAnimationFrame', (draw: () => void) => draw());
  });

  it('share the crosshair, and each is told of it once', () => {
    const { group, followed } = groupOf();
    group.pointAt(7);
    group.pointAt(7);
    expect([group.point, followed]).toEqual([7, ['point']]);
  });

  it('share the zoom, which goes back a step at a time', () => {
    const { group, followed } = groupOf();
    group.zoomTo([10, 50]);
    group.zoomTo([20, 30]);
    expect([group.range, followed]).toEqual([
      [20, 30],
      ['range', 'range'],
    ]);
    group.zoomBack();
    expect(group.range).toEqual([10, 50]);
    group.zoomBack();
    group.zoomBack();
    expect([group.zoom, group.range]).toEqual([null, [0, 100]]);
  });

  it('do not zoom to an empty range', () => {
    const { group } = groupOf();
    group.zoomTo([5, 5]);
    expect(group.zoom).toBeNull();
  });

  it('move the crosshair over the points by keys', () => {
    const { group, press } = groupOf();
    press('ArrowRight');
    expect(group.point).toBe(100);
    press('ArrowLeft', 'ArrowLeft');
    expect(group.point).toBe(98);
    press('PageUp');
    expect(group.point).toBe(88);
    press('Home', 'ArrowLeft');
    expect(group.point).toBe(0);
    press('End');
    expect(group.point).toBe(100);
  });

  it('zoom by keys around the crosshair, move the range, and go back', () => {
    const { group, press } = groupOf();
    group.pointAt(20);
    press('+');
    expect(group.range).toEqual([10, 60]);
    press('Shift+ArrowRight');
    expect(group.range).toEqual([15, 65]);
    press('-');
    expect(group.zoom).not.toBeNull();
    press('0');
    expect(group.range).toEqual([0, 100]);
    press('+', 'Backspace');
    expect(group.zoom).toBeNull();
  });

  it('follow a crosshair that leaves the shown range', () => {
    const { group, press } = groupOf();
    group.zoomTo([10, 20]);
    group.pointAt(20);
    press('ArrowRight');
    expect([group.point, group.range]).toEqual([21, [11, 21]]);
  });

  it('leave other keys alone', () => {
    expect(chartKey({ key: 'a', shiftKey: false }, groupOf().group, lines)).toBe(false);
  });
});

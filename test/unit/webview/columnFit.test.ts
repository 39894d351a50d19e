import { describe, expect, it } from 'vitest';
import type { ListLayout } from '../../../src/pairs/listColumns/layout';
import { columnsOf, fitting, hasBar, tracksOf, wantedWidth } from '../../../webview/pairEditor/columns/fit';

const layout = (...ids: readonly string[]): ListLayout => ids.map((id) => ({ id, width: null }));
const shown = (width: number, sort = 'row'): string[] =>
  fitting(columnsOf(layout('row', 'prompt', 'turns', 'len(chosen)', 'model'), true), width, sort).map(({ id }) => id);

describe('columns of the list', () => {
  it('go from the right until the others fit; the number, the first text and the order stay', () => {
    const all = columnsOf(layout('row', 'prompt', 'turns', 'len(chosen)', 'model'), true);
    expect(shown(wantedWidth(all))).toHaveLength(5);
    expect(shown(420)).toEqual(['row', 'prompt', 'turns', 'len(chosen)']);
    expect(shown(340)).toEqual(['row', 'prompt', 'turns']);
    expect(shown(340, 'len(chosen)')).toEqual(['row', 'prompt', 'len(chosen)']);
    expect(shown(100)).toEqual(['row', 'prompt']);
  });

  it('include the margin only if rewards are chosen; its bar needs room', () => {
    expect(columnsOf(layout('row', 'margin'), false)).toHaveLength(1);
    const [margin] = columnsOf(layout('margin'), true);
    expect(margin && hasBar(margin)).toBe(true);
    expect(margin && hasBar({ ...margin, own: 60 })).toBe(false);
  });

  it('share the room that is left among long texts, or give it to the last text', () => {
    expect(tracksOf(columnsOf(layout('row', 'prompt', 'margin', 'model'), true))).toBe(
      'max(52px, calc(var(--digits) * 0.62 * var(--vscode-font-size) + 12px)) minmax(0, 1fr) 48px 46px 96px 36px',
    );
    expect(
      tracksOf(
        columnsOf(
          [
            { id: 'prompt', width: 200 },
            { id: 'turns', width: 60 },
          ],
          true,
        ),
      ),
    ).toBe('minmax(200px, 1fr) 60px 36px');
  });
});

import { describe, expect, it } from 'vitest';
import { sortedBy, sortMark, type Sorting } from '../../../webview/shared/sorting';

type Column = 'row' | 'margin';

describe('a click on the header of a column', () => {
  it('sorts by it, rising; a second one reverses it, a third one again', () => {
    const clicks: Sorting<Column>[] = [{ sort: 'row', descending: true }];
    for (let i = 0; i < 3; i++) clicks.push(sortedBy<Column>(clicks[i] as Sorting<Column>, 'margin'));
    expect(clicks.slice(1)).toEqual([
      { sort: 'margin', descending: false },
      { sort: 'margin', descending: true },
      { sort: 'margin', descending: false },
    ]);
  });

  it('marks only the sorted column', () => {
    expect(sortMark<Column>({ sort: 'margin', descending: false }, 'margin')).toBe(' ▲');
    expect(sortMark<Column>({ sort: 'margin', descending: true }, 'margin')).toBe(' ▼');
    expect(sortMark<Column>({ sort: 'margin', descending: true }, 'row')).toBe('');
  });
});

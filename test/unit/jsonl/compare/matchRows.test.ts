import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src/base/pure/seededRandom';
import { applyToLines } from '../../../../src/pairs/edits';
import { integer } from '../../pairs/random';
import { randomEdit } from '../../pairs/randomEdit';
import { changesOf, hashed, line } from './hashed';

const [a, b, c, d, e] = ['a', 'b', 'c', 'd', 'e'].map((name) => line(name)) as [string, string, string, string, string];

/** Of each row: the row before, and how it differs. */
function shown(before: readonly string[], after: readonly string[]): string[] {
  const changes = changesOf(before, after);
  return after.map((_, row) => `${changes.originOf(row) ?? '-'} ${changes.kindsOf(row).join('+')}`.trim());
}

describe('comparing the rows of two files', () => {
  it('finds no change in a file that was only written in another way', () => {
    const spaced = [a, b].map((row) => JSON.stringify(JSON.parse(row), null, 1).replaceAll('\n', ' '));
    const reordered = [a, b].map((row) =>
      JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(row) as object).toReversed())),
    );
    for (const after of [spaced, reordered]) {
      expect(changesOf([a, b], after).counts).toEqual({ added: 0, edited: 0, moved: 0, lost: 0 });
    }
  });

  it('tells rows that were edited, added, moved and lost apart', () => {
    expect(shown([a, b, c, d, e], [a, line('b', 'other'), d, c, line('new')])).toEqual([
      '0',
      '1 edited',
      '3 moved',
      '2',
      '- added',
    ]);
    expect(changesOf([a, b, c], [a, c, line('new'), line('newer')]).counts).toMatchObject({ added: 2, lost: 1 });
    expect([...changesOf([a, b, c], [a, c]).lost]).toEqual([1]);
    expect(changesOf([a, b, c, d], [d, a, b, c]).counts).toEqual({ added: 0, edited: 0, moved: 1, lost: 0 });
  });

  it('counts white space inside a text, a column and the order of the answers as an edit', () => {
    const changed = [line('a', 'yes  a'), line('b', undefined, undefined, { score: 2 }), line('c', 'no c', 'yes c')];
    expect(shown([a, b, c], changed)).toEqual(['0 edited', '1 edited', '2 edited']);
    expect(shown([line('a', 'yes\na')], [line('a', 'yes a')])).toEqual(['0 edited']);
    expect(shown(['{"prompt":"a","n":1}'], ['{"prompt":"a","n":"1"}'])).toEqual(['0 edited']);
  });

  it('finds an edited row again by its prompt or its answers, also where it moved', () => {
    const before = [a, b, c, d];
    expect(shown(before, [b, c, d, line('a', 'other')])).toEqual(['1', '2', '3', '0 edited+moved']);
    expect(shown(before, [b, c, d, line('other', 'yes a', 'no a')])).toEqual(['1', '2', '3', '0 edited+moved']);
  });

  it('keeps rows with one prompt apart by their place', () => {
    const [one, two, three] = ['1', '2', '3'].map((n) => line('same', `good ${n}`, `bad ${n}`)) as [
      string,
      string,
      string,
    ];
    expect(shown([one, two, three], [two, line('same', 'mended', 'bad 3')])).toEqual(['1', '2 edited']);
    expect(shown([one, one, two], [one, two])).toEqual(['0', '2']);
  });

  it('matches rows between the same neighbours, if both files have as many there', () => {
    expect(shown([a, 'no json', c], [a, '{"mended": true}', c])).toEqual(['0', '1 edited', '2']);
    expect(changesOf([a, 'no json', c], [a, '{"x": 1}', '{"y": 2}', c]).counts).toMatchObject({ added: 2, lost: 1 });
  });

  it('follows edits until the rows are compared again', () => {
    for (let seed = 0; seed < 200; seed++) {
      const random = seededRandom(seed);
      let lines = Array.from({ length: 8 }, (_, i) => line(`row ${i}`));
      const before = lines;
      const followed = changesOf(before, lines);
      for (let i = 0; i < 4; i++) {
        const edit = randomEdit(random, lines, `${seed}-${i}`);
        followed.apply(edit);
        lines = applyToLines(lines, edit);
      }
      const now = lines;
      now.forEach((text, row) => {
        const origin = followed.originOf(row);
        if (before.includes(text) && origin !== null) expect(before[origin], `seed ${seed}`).toBe(text);
        if (origin === null) expect(followed.kindsOf(row), `seed ${seed}`).toEqual(['added']);
      });
    }
  });

  it('accounts for each row of both files once, whatever was done (200 seeds)', () => {
    for (let seed = 0; seed < 200; seed++) {
      const random = seededRandom(seed);
      const before = Array.from({ length: integer(random, 12) }, () => line(`row ${integer(random, 9)}`));
      let after: readonly string[] = before;
      for (let i = integer(random, 6); i > 0; i--) after = applyToLines(after, randomEdit(random, after, `e${i}`));
      const changes = changesOf(before, after);
      const origins = after.flatMap((_, row) => changes.originOf(row) ?? []);
      expect(new Set(origins).size, `seed ${seed}`).toBe(origins.length);
      expect(
        [...origins, ...changes.lost].sort((x, y) => x - y),
        `seed ${seed}`,
      ).toEqual([...before.keys()]);
      after.forEach((text, row) => {
        const origin = changes.originOf(row);
        if (origin !== null)
          expect(changes.kindsOf(row).includes('edited'), `seed ${seed}`).toBe(before[origin] !== text);
      });
      // Equal rows are never an edit and a loss at the same time.
      const free = [...changes.lost].map((row) => before[row]);
      const odd = after.filter(
        (text, row) => changes.kindsOf(row).some((kind) => kind !== 'moved') && free.includes(text),
      );
      expect(odd, `seed ${seed}`).toEqual([]);
    }
  });

  it('says where a lost row belongs', () => {
    const changes = changesOf([a, b, c, d], [a, d]);
    expect([changes.placeFor(1), changes.placeFor(2)]).toEqual([1, 1]);
    expect(changesOf([a, b], [b]).placeFor(0)).toBe(0);
    expect(changesOf([a, b], [a]).placeFor(1)).toBe(1);
  });

  it('has no hash for a text that a row lacks', () => {
    const rows = hashed(['no json', '']);
    expect([rows.hash('prompt', 0), rows.hash('answers', 1)]).toEqual([Number.NaN, Number.NaN]);
    expect(rows.hash('row', 0)).not.toBe(rows.hash('row', 1));
  });
});

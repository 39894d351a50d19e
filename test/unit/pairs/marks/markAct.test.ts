import { describe, expect, it } from 'vitest';
import { at } from '../../../../src/base/pure/must';
import { seededRandom } from '../../../../src/base/pure/seededRandom';
import { type Mark, newMark } from '../../../../src/pairs/marks/mark';
import { acted, actSentence, type MarkAct, takenBack } from '../../../../src/pairs/marks/markAct';

const mark = (part: Partial<Mark>): Mark => ({ ...newMark('aaaaaaaaaaaaaaaa', 'ann'), ...part });
const tag = (add: readonly string[], remove: readonly string[] = []): MarkAct => ({ kind: 'tag', add, remove });

describe('an act on many marks', () => {
  it('changes only the marks that it changes', () => {
    const marks = [mark({ tags: ['a'] }), mark({ tags: ['b'] }), mark({})];
    expect(acted(marks, tag(['a'], ['b'])).map(({ after }) => after.tags)).toEqual([['a'], ['a']]);
    expect(acted([mark({ flag: true }), mark({})], { kind: 'flag', flag: true })).toHaveLength(1);
    expect(acted(marks, { kind: 'flag', flag: false })).toEqual([]);
  });

  it('is taken back without what was said since', () => {
    const before = mark({ tags: ['old', 'gone'] });
    const change = at(acted([before], tag(['new', 'old'], ['gone'])), 0);
    expect(change.after.tags).toEqual(['old', 'new']);
    const later = { ...change.after, note: 'said later', flag: true, tags: [...change.after.tags, 'later'] };
    expect(takenBack(later, change)).toEqual({ ...later, tags: ['old', 'later', 'gone'] });
    const flagged = at(acted([before], { kind: 'flag', flag: true }), 0);
    expect(takenBack({ ...flagged.after, verdict: 'tie' }, flagged)).toEqual({ ...before, verdict: 'tie' });
  });

  it('leaves the same tags and flag when nothing was said since', () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const next = seededRandom(seed);
    const some = (): string[] => ['a', 'b', 'c', 'd'].filter(() => next() < 0.5);
    for (let i = 0; i < 200; i++) {
      const before = mark({ tags: some(), flag: next() < 0.5 });
      const act: MarkAct = next() < 0.3 ? { kind: 'flag', flag: next() < 0.5 } : tag(some(), some());
      for (const change of acted([before], act)) {
        const back = takenBack(change.after, change);
        expect([back.flag, back.tags.toSorted()], `seed ${seed}`).toEqual([before.flag, before.tags.toSorted()]);
      }
    }
  });

  it('says what was done', () => {
    expect(actSentence(tag(['a']), 1)).toBe('Tagged 1 row');
    expect(actSentence(tag(['a'], ['b']), 2)).toBe('Changed the tags of 2 rows');
    expect(actSentence({ kind: 'flag', flag: false }, 3)).toBe('Took the flag off 3 rows');
  });
});

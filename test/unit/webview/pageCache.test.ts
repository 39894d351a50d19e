import { describe, expect, it } from 'vitest';
import { PageCache, pageSize } from '../../../webview/shared/pageCache';

const page = (number: number, text = ''): string[] =>
  Array.from({ length: pageSize }, (_, i) => `${number * pageSize + i}${text}`);

describe('pages of rows', () => {
  it('are asked for once, for the rows in view', () => {
    const cache = new PageCache<string>(10);
    expect(cache.take(150, 100)).toEqual([1, 2]);
    expect(cache.take(150, 100)).toEqual([]);
    cache.put(1, page(1), cache.generation);
    expect([cache.row(150), cache.row(250)]).toEqual(['150', undefined]);
  });

  it('stay visible after a change until their replacement arrives', () => {
    const cache = new PageCache<string>(10);
    cache.put(0, page(0), cache.generation);
    cache.outdate();
    expect([cache.row(3), cache.currentRow(3)]).toEqual(['3', undefined]);
    expect(cache.take(0, 10)).toEqual([0]);
    cache.put(0, page(0, ' new'), cache.generation);
    expect(cache.currentRow(3)).toBe('3 new');
  });

  it('from before a change are shown until newer ones arrive, however often the rows change', () => {
    const cache = new PageCache<string>(10);
    const { generation } = cache;
    cache.outdate();
    expect(cache.put(0, page(0), generation)).toBe(true);
    expect([cache.row(3), cache.currentRow(3)]).toEqual(['3', undefined]);
    expect(cache.take(0, 10)).toEqual([0]);
    expect(cache.put(0, page(0, ' new'), cache.generation)).toBe(true);
    expect(cache.put(0, page(0), generation)).toBe(false);
    expect(cache.currentRow(3)).toBe('3 new');
  });

  it('that end before the rows in view are asked for again: the list has grown', () => {
    const cache = new PageCache<string>(10);
    cache.put(0, page(0).slice(0, 20), cache.generation);
    expect(cache.take(0, 20)).toEqual([]);
    expect(cache.take(0, 30)).toEqual([0]);
  });

  it('that did not arrive are asked for again', () => {
    const cache = new PageCache<string>(10);
    expect(cache.take(0, 1)).toEqual([0]);
    cache.failed(0, cache.generation);
    expect(cache.take(0, 1)).toEqual([0]);
  });

  it('beyond the limit push out the oldest', () => {
    const cache = new PageCache<string>(2);
    for (const number of [0, 1, 2]) cache.put(number, page(number), cache.generation);
    expect([cache.row(0), cache.row(pageSize), cache.row(2 * pageSize)]).toEqual([undefined, '100', '200']);
    expect(cache.take(0, 1)).toEqual([0]);
  });

  it('of another list are forgotten', () => {
    const cache = new PageCache<string>(2);
    const { generation } = cache;
    cache.put(0, page(0), generation);
    cache.clear();
    expect(cache.put(0, page(0), generation)).toBe(false);
    expect(cache.row(0)).toBeUndefined();
  });

  it('are filled from a source; a page that fails is asked for again', async () => {
    const cache = new PageCache<string>(10);
    const said: string[] = [];
    let isBroken = true;
    const fill = (): Promise<void> => {
      cache.fill(150, 100, {
        ask: (from) => {
          said.push(`ask ${from}`);
          return from === 200 && isBroken ? Promise.reject(new Error('gone')) : Promise.resolve(page(from / pageSize));
        },
        arrived: () => said.push('arrived'),
        failed: (error) => said.push(String(error)),
      });
      return new Promise((resolve) => setTimeout(resolve));
    };
    await fill();
    expect(said).toEqual(['ask 100', 'ask 200', 'arrived', 'Error: gone']);
    expect([cache.row(150), cache.row(250)]).toEqual(['150', undefined]);
    isBroken = false;
    await fill();
    expect(said.slice(4)).toEqual(['ask 200', 'arrived']);
    expect(cache.row(250)).toBe('250');
  });
});

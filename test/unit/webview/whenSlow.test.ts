import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { whenSlow } from '../../../webview/shared/whenSlow';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const after = (ms: number): Promise<string> => new Promise((resolve) => setTimeout(() => resolve('done'), ms));

describe('whenSlow', () => {
  it('says nothing of short work', async () => {
    const slow = vi.fn();
    const result = whenSlow(after(100), slow);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await result).toBe('done');
    expect(slow).not.toHaveBeenCalled();
  });

  it('says when long work has become slow, and when it has ended', async () => {
    const slow = vi.fn();
    const result = whenSlow(after(1000), slow);
    await vi.advanceTimersByTimeAsync(500);
    expect(slow.mock.calls).toEqual([[true]]);
    await vi.advanceTimersByTimeAsync(500);
    expect(await result).toBe('done');
    expect(slow.mock.calls).toEqual([[true], [false]]);
  });

  it('fails as the work does, and ends what it said', async () => {
    const slow = vi.fn();
    const work = after(1000).then(() => Promise.reject(new Error('lost')));
    const result = expect(whenSlow(work, slow)).rejects.toThrow('lost');
    await vi.advanceTimersByTimeAsync(1000);
    await result;
    expect(slow.mock.calls).toEqual([[true], [false]]);
  });
});

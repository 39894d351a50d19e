import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { AfterPaint } from '../../../webview/shared/afterPaint';

let frames: (() => void)[];
const page = { hidden: false };

beforeEach(() => {
  frames = [];
  page.hidden = false;
  vi.stubGlobal('document', page);
  vi.stubGlobal('requestAnimationFrame', (frame: () => void) => frames.push(frame));
  vi.useFakeTimers({ toFake: ['setTimeout'] });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

it('the newest work runs once, in the task after the next frame', () => {
  const done: string[] = [];
  const later = new AfterPaint();
  for (const name of ['first', 'second']) later.run(() => done.push(name));
  expect(frames).toHaveLength(1);
  frames[0]?.();
  expect(done).toEqual([]);
  vi.runAllTimers();
  expect(done).toEqual(['second']);
  later.run(() => done.push('third'));
  expect(frames).toHaveLength(2);
});

it('a hidden page, which is not painted, gets it at once', () => {
  page.hidden = true;
  const work = vi.fn<() => void>();
  new AfterPaint().run(work);
  expect(work).toHaveBeenCalledOnce();
});

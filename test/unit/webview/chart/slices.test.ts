import { describe, expect, it } from 'vitest';
import { type SlicedWork, Slices } from '../../../../webview/shared/chart/slices';

/** Slices with a clock of their own; each part of a work takes 2 ms. */
function slicesOf(): {
  slices: Slices;
  next: () => void;
  work: (name: string, parts: number) => SlicedWork;
  done: string[];
} {
  let time = 0;
  let draw: (() => void) | null = null;
  const done: string[] = [];
  const slices = new Slices(
    (asked) => (draw = asked),
    () => time,
  );
  const next = (): void => {
    const asked = draw;
    draw = null;
    done.push('|');
    asked?.();
  };
  const work = (name: string, parts: number): SlicedWork => ({
    part: () => {
      time += 2;
      done.push(name);
      return --parts > 0;
    },
    show: () => done.push(`${name}!`),
  });
  return { slices, next, work, done };
}

describe('drawing in slices', () => {
  it('does a short work at once, and a long one over several frames', () => {
    const { slices, next, work, done } = slicesOf();
    expect(slices.start(work('a', 1))).toBe(true);
    next();
    expect(slices.start(work('b', 5))).toBe(false);
    next();
    next();
    expect(slices.isIdle).toBe(true);
    expect(done.join(' ')).toBe('a | b b | b b b! | b b!');
  });

  it('gives the works of several charts the time of a frame in turn', () => {
    const { slices, next, work, done } = slicesOf();
    slices.start(work('a', 6));
    slices.start(work('b', 3));
    for (let frame = 0; frame < 4; frame++) next();
    expect(done.join(' ')).toBe('a a | a a a! | b b b! | a a a! | b b!');
  });

  it('leaves a work that was stopped', () => {
    const { slices, next, work, done } = slicesOf();
    const stopped = work('a', 9);
    slices.start(stopped);
    slices.stop(stopped);
    next();
    expect(done.join(' ')).toBe('a a |');
  });
});

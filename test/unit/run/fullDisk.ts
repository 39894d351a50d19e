import { closeSync, openSync, readdirSync, readlinkSync } from 'node:fs';
import { expect } from 'vitest';

/**
 * Makes a file that this process has open behave as on a full disk: its descriptor becomes one of /dev/full. Linux
 * only.
 */
export function fillDisk(path: string): void {
  const isOpen = (fd: string): boolean => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === path;
    } catch {
      // The listing's own descriptor is gone by now.
      return false;
    }
  };
  const found = readdirSync('/proc/self/fd').find(isOpen);
  closeSync(Number(found));
  // The system gives the lowest number that is free; another thread may be faster, and then the test says so.
  expect(openSync('/dev/full', 'a+')).toBe(Number(found));
}

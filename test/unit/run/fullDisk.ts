import { closeSync, openSync, readdirSync, readlinkSync } from 'node:fs';
import { expect } from 'vitest';

/**
 * Makes an open file of this process behave as on a full disk: its descriptor becomes one of /dev/full. Only on Linux.
 */
export function fillDisk(path: string): void {
  const isOpen = (fd: string): boolean => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === path;
    } catch {
      // The descriptor of the listing itself is closed by now.
      return false;
    }
  };
  const found = readdirSync('/proc/self/fd').find(isOpen);
  closeSync(Number(found));
  // The system assigns the lowest free descriptor. If another thread takes it first, the test fails with this error.
  expect(openSync('/dev/full', 'a+')).toBe(Number(found));
}

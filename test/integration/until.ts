import { ok } from 'node:assert/strict';

/** Waits until a condition holds. Fails with `what` if that takes longer than `ms` milliseconds. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, ms = 20_000): Promise<void> {
  for (const end = Date.now() + ms; !(await holds());) {
    ok(Date.now() < end, `${what}: not within ${ms / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

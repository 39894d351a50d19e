import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';

/** A folder for the tests of a file, removed after them. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'margin-jsonl-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function leftovers(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.endsWith('.margin-tmp'));
}

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keepCopy } from '../../../src/jsonl/node/keepCopy';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'margin-copy-'));
  file = join(folder, 'a.jsonl');
  writeFileSync(file, '{"a":1}\n');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const git = (...args: readonly string[]): void => {
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd: folder });
};

it('a file that git does not have is copied, and never over another file', async () => {
  writeFileSync(join(folder, 'a.before-bulk.jsonl'), 'mine');
  expect(await keepCopy(file, 'before-bulk', true)).toBe(join(folder, 'a.before-bulk-2.jsonl'));
  expect(readFileSync(join(folder, 'a.before-bulk-2.jsonl'), 'utf8')).toBe('{"a":1}\n');
  expect(readFileSync(join(folder, 'a.before-bulk.jsonl'), 'utf8')).toBe('mine');
});

it('a committed file is not copied, unless git is not to be asked or the file has changed since', async () => {
  git('init', '-q');
  git('add', 'a.jsonl');
  git('commit', '-qm', 'a');
  expect(await keepCopy(file, 'before-bulk', true)).toBeNull();
  expect(await keepCopy(file, 'before-bulk', false)).toBe(join(folder, 'a.before-bulk.jsonl'));
  writeFileSync(file, '{"a":2}\n');
  expect(await keepCopy(file, 'before-bulk', true)).toBe(join(folder, 'a.before-bulk-2.jsonl'));
  expect(readdirSync(folder).sort()).toEqual(['.git', 'a.before-bulk-2.jsonl', 'a.before-bulk.jsonl', 'a.jsonl']);
});

it('a file that is gone is an error', async () => {
  await expect(keepCopy(join(folder, 'gone.jsonl'), 'before-bulk', false)).rejects.toMatchObject({ code: 'missing' });
});

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { expect, it } from 'vitest';

const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' });
const files = listed.trim().split('\n');
const folders = files.flatMap((file) => parents(file));
const paths = new Set([...files, ...folders]);
/** The marketplace's read-me is packed as README.md, so its links start at the root. Data of tests is of others. */
const documents = files.filter(
  (file) => file.endsWith('.md') && !/^(?:test\/golden|test\/fixtures|media)\//.test(file),
);

function parents(file: string): string[] {
  const folder = posix.dirname(file);
  return folder === '.' ? [] : [folder, ...parents(folder)];
}

function linesOf(document: string): string[] {
  return readFileSync(document, 'utf8').split('\n');
}

/** A path that a text names in full, or by its end: `src/run/keys`, `pairs/pairEdits`, `house/layers.json`. */
function isThere(named: string): boolean {
  const path = named.replace(/\/$/, '');
  return [path, `${path}.ts`].some((one) => paths.has(one) || [...paths].some((known) => known.endsWith(`/${one}`)));
}

it('each link of a document leads to a file of the repository', () => {
  const dead = documents.flatMap((document) =>
    linesOf(document).flatMap((line, i) =>
      [...line.matchAll(/\]\((?![a-z]+:|#)([^)#\s]+)/g)]
        .map(([, link = '']) => posix.join(document.endsWith('/marketplace.md') ? '.' : posix.dirname(document), link))
        .filter((path) => !paths.has(path.replace(/\/$/, '')))
        .map((path) => `${document}:${i + 1}: ${path}`),
    ),
  );
  expect(dead).toEqual([]);
});

it('each source file and folder that a document names exists', () => {
  const named =
    /`((?:(?:src|test|webview|media)\/)?(?:[\w.-]+\/)+[\w.-]+\.(?:ts|mjs)|(?:src|test|webview)\/[\w./-]+)`/g;
  const missing = documents.flatMap((document) =>
    linesOf(document).flatMap((line, i) =>
      [...line.matchAll(named)]
        .map(([, path = '']) => path)
        .filter((path) => !path.includes('NAME') && !isThere(path))
        .map((path) => `${document}:${i + 1}: ${path}`),
    ),
  );
  expect(missing).toEqual([]);
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const folder = join('src', 'host', 'pairEditor');
const sources = readdirSync(folder)
  .filter((name) => name.endsWith('.ts'))
  .map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const);
/** Modules that are imported when the program runs; types alone are not. */
const imported = (source: string): string[] =>
  [...source.matchAll(/^import (?!type\b)[^;]*?from '([^']+)'/gm)].flatMap(([, module]) => module ?? []);
const usesNode = (module: string): boolean => /^node:|(?:^|\/)(?:node|run)\//.test(module);

describe('the logic of the pair editor', () => {
  const logic = sources.filter(([, source]) => !imported(source).includes('vscode'));

  it('imports neither VS Code nor Node, so it can move to `src/editor`, which the browser build shares', () => {
    expect(logic.map(([name]) => name)).toEqual(expect.arrayContaining(['overview.ts', 'rowPages.ts', 'viewFacts.ts']));
    expect(
      logic.flatMap(([name, source]) =>
        imported(source)
          .filter(usesNode)
          .map((module) => [name, module]),
      ),
    ).toEqual([]);
  });

  it('is checked by a function that finds imports of Node', () => {
    expect(imported("import { a } from 'node:fs';\nimport type { B } from 'node:path';\n").filter(usesNode)).toEqual([
      'node:fs',
    ]);
    expect(
      ['../../base/node/readLines', './node/rewards', '../../run/find', '../../pairs/edits'].map(usesNode),
    ).toEqual([true, true, true, false]);
  });
});

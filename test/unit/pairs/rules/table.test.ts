import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ruleIds } from '../../../../src/pairs/rules/ruleIds';
import { rules } from '../../../../src/pairs/rules/table';
import { rulesPage } from './page';

/** The severity and code of each problem that the source files of a folder create. */
function reported(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const found = files.flatMap((name) => [
    ...readFileSync(join(folder, name), 'utf8').matchAll(
      /\b(?:problem|finding)\(\s*'(?:error|warning|info)',\s*'([a-z-]+)'/g,
    ),
  ]);
  return [...new Set(found.map(([, code]) => String(code)))];
}

it('each problem of a row or file belongs to a rule', () => {
  const ids = new Set(rules.map(({ id }) => id));
  expect(reported('src/pairs').length).toBeGreaterThan(30);
  expect(reported('src/pairs').filter((code) => !ids.has(code))).toEqual([]);
});

it('each rule has an id of its own, a title and a paragraph of sentences', () => {
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
  expect(rules.filter(({ id }) => !/^[a-z]+(-[a-z]+)*$/.test(id))).toEqual([]);
  expect(rules.filter(({ title, doc }) => /[.]$/.test(title) || !/^[A-Z].*[.]$/.test(doc))).toEqual([]);
});

it('media/rules.md describes every rule (npx vitest run test/unit/pairs/rules -u writes it)', async () => {
  await expect(rulesPage()).toMatchFileSnapshot('../../../../media/rules.md');
});

it('the list of ids has each rule of the table', () => {
  expect(ruleIds).toEqual(rules.map(({ id }) => id));
});

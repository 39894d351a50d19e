import { readFileSync } from 'node:fs';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Frame } from 'playwright-core';
import { must } from '../../src/base/pure/must';

const source = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');

/** Rules about a whole page. A view is a frame in VS Code's page, which has the landmarks and the headings. */
const ofPages = ['region', 'page-has-heading-one', 'landmark-one-main'];

/**
 * What axe-core finds in a view: names, roles, contrasts, order of the focus.
 *
 * @returns a line for each element with a problem: the rule, what it asks for, and the element
 */
export async function accessibilityProblems(view: Frame): Promise<readonly string[]> {
  await view.evaluate(source);
  const results = await view.evaluate((off) => {
    const { axe } = globalThis as { axe?: { run: (options: RunOptions) => Promise<AxeResults> } };
    return axe?.run({ rules: Object.fromEntries(off.map((rule) => [rule, { enabled: false }])) });
  }, ofPages);
  const { violations } = must(results, 'the results of axe-core');
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}: ${html}\n${failureSummary ?? ''}`),
  );
}

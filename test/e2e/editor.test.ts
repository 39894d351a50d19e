import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Workbench } from './driver';

let workbench: Workbench;

beforeAll(async () => {
  workbench = await Workbench.open();
});
afterAll(() => workbench?.close());

describe('pairs are curated by mouse and keyboard', () => {
  let before: string[];
  let view: Frame;
  const lines = (): string[] => readFileSync(join(workbench.folder, 'prefs.jsonl'), 'utf8').split('\n');
  const chosen = () => view.locator('.column.chosen .text').last();
  // A narrow view hides it.
  const foot = (place: string) =>
    view.locator('.where', { hasText: new RegExp(`^${place}\\b`) }).waitFor({ state: 'attached', timeout: 10_000 });
  const press = (...keys: string[]): Promise<void> => workbench.press(...keys);

  async function save(): Promise<void> {
    const old = lines();
    await press('Control+S');
    await expect.poll(lines).not.toEqual(old);
  }

  beforeAll(() => {
    before = lines();
  });

  it('the side bar lists the preference files, and says that there are no runs yet', async () => {
    await workbench.activity('Margin').click();
    await workbench.page.getByRole('treeitem', { name: /prefs\.jsonl.*602/ }).waitFor();
    await workbench.page.getByText('No runs yet.').waitFor();
    await workbench.shoot('side-bar');
    view = await workbench.openPairs('prefs.jsonl');
    await chosen().waitFor();
    await workbench.shoot('pairs');
  });

  it('an answer is edited in place; undo and redo are the workbench’s own', async () => {
    await view.locator('.pair-row').nth(1).click();
    await foot('Line 2');
    await press('e');
    await view.locator('textarea:visible').waitFor();
    await workbench.page.keyboard.type(' Ask again!');
    await press('Control+Enter');
    await chosen().filter({ hasText: 'Ask again!' }).waitFor();
    await workbench.shoot('edited');
    await press('Control+Z');
    await chosen().filter({ hasNotText: 'Ask again!' }).waitFor();
    await press('Control+Shift+Z');
    await chosen().filter({ hasText: 'Ask again!' }).waitFor();
    expect(lines()).toEqual(before);
  });

  it('Escape leaves the field and keeps what was typed; one undo takes it back', async () => {
    await press('e');
    await view.locator('textarea:visible').waitFor();
    await workbench.page.keyboard.type(' And then?');
    await press('Escape');
    await view.locator('textarea').waitFor({ state: 'detached' });
    await chosen().filter({ hasText: 'Ask again! And then?' }).waitFor();
    await press('Control+Z');
    await chosen().filter({ hasNotText: 'And then?' }).waitFor();
    await chosen().filter({ hasText: 'Ask again!' }).waitFor();
  });

  it('closing the tab while typing asks about the typed text like any edit', async () => {
    await press('e');
    await view.locator('textarea:visible').waitFor();
    await workbench.page.keyboard.type(' Half a sen');
    await press('Control+W');
    const dialog = workbench.page.getByRole('dialog');
    await dialog.getByText('save the changes').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    view = await workbench.view('.pair-row');
    await chosen().filter({ hasText: 'Half a sen' }).waitFor();
    await view.locator('.pair-row').nth(1).click();
    await press('Control+Z');
    await chosen().filter({ hasNotText: 'Half a sen' }).waitFor();
  });

  it('a save writes the edited line and leaves all other bytes alone', async () => {
    await save();
    const now = lines();
    expect(now).toHaveLength(before.length);
    expect(now.flatMap((line, i) => (line === before[i] ? [] : [i]))).toEqual([1]);
    expect(now[1]).toContain('Ask again!');
    await press('Control+Z');
    await chosen().filter({ hasNotText: 'Ask again!' }).waitFor();
    await save();
    expect(lines()).toEqual(before);
  });

  it('keys move between rows, and swap, duplicate, insert, move and delete them', async () => {
    await press('j');
    await foot('Line 3');
    await press('k');
    await foot('Line 2');
    await press('s', 'd');
    await foot('Line 3');
    await press('i');
    await foot('Line 4');
    await press('g');
    await workbench.answer('10');
    await foot('Line 10');
    await press('Alt+ArrowUp');
    await foot('Line 9');
    await press('Delete');
    await save();
    const now = lines();
    const pair = (line = ''): { chosen: unknown; rejected: unknown } =>
      JSON.parse(line) as { chosen: unknown; rejected: unknown };
    expect(now).toHaveLength(before.length + 1);
    expect(pair(now[1])).toMatchObject({ chosen: pair(before[1]).rejected, rejected: pair(before[1]).chosen });
    expect(now[2]).toBe(now[1]);
    expect(now.slice(4, 9)).toEqual(before.slice(2, 7));
    expect(now.slice(9)).toEqual(before.slice(8));
  });

  it('the Problems panel lists a problem at its line, and a click opens the row', async () => {
    await press('g');
    await workbench.answer('1');
    await foot('Line 1');
    await view.waitForFunction(() => document.hasFocus());
    await press('e');
    await view.locator('textarea:visible').waitFor();
    await press('Control+A', 'Delete', 'Control+Enter');
    await view.locator('.column.chosen .problem').waitFor();
    await workbench.command('Problems: Focus on Problems View');
    const problem = workbench.page.locator('.markers-panel .monaco-list-row', { hasText: '[Ln 1,' }).first();
    await problem.waitFor();
    await workbench.shoot('problems');
    await view.locator('.pair-row').nth(4).click();
    await foot('Line 5');
    await problem.click();
    await foot('Line 1');
    await workbench.shoot('problem-opened');
  });
});

describe('files of other shapes', () => {
  let view: Frame;
  const rows = [
    '{"prompt": "Why?",  "completion": "Because.", "label": true, "id": 12345678901234567890}',
    '{"prompt":"Q","chosen":"a","rejected":"b"}',
  ];
  const lines = (): string[] => readFileSync(join(workbench.folder, 'kto.jsonl'), 'utf8').split('\n');
  const head = (name: string) => view.locator('.column h2', { hasText: name }).waitFor();

  beforeAll(async () => {
    await workbench.command('View: Revert and Close Editor');
    await workbench.command('View: Hide Panel');
    writeFileSync(join(workbench.folder, 'kto.jsonl'), `${rows.join('\n')}\n`);
    view = await workbench.openPairs('kto.jsonl');
  });

  it('a key flips the label of a judged answer; a save changes only the label and the edited answer of its line', async () => {
    await head('Good answer');
    await workbench.shoot('judged');
    await workbench.press('s');
    await head('Bad answer');
    await view.getByRole('img', { name: 'labelled bad' }).waitFor();
    await workbench.press('e');
    await view.locator('textarea:visible').waitFor();
    await workbench.page.keyboard.type(' So.');
    await workbench.press('Control+S');
    await expect
      .poll(lines)
      .toEqual([(rows[0] ?? '').replace('true', 'false').replace('Because.', 'Because. So.'), rows[1], '']);
  });

  it('a new row has the shape of its neighbour, and a pair beside it keeps its own', async () => {
    await workbench.press('i');
    await head('Good answer');
    await workbench.press('j');
    await head('Rejected');
    await workbench.press('Control+S');
    await expect
      .poll(lines)
      .toEqual([expect.any(String), '{"prompt": "", "completion": "", "label": true}', rows[1], '']);
  });

  it('a key that Margin does not read is reported once above the list, with links to its rows', async () => {
    const keyed = Array.from({ length: 12 }, (_, i) =>
      JSON.stringify({
        prompt: `Is ${i} even?`,
        instruction: `Answer ${i} in a word.`,
        chosen: `It is ${i % 2}.`,
        rejected: 'No idea.',
      }),
    );
    writeFileSync(join(workbench.folder, 'keyed.jsonl'), `${keyed.join('\n')}\n`);
    view = await workbench.openPairs('keyed.jsonl');
    const head = view.locator('.findings-head', { hasText: '"instruction" is not read' });
    await head.click();
    await view.locator('.findings li', { hasText: '12 rows' }).waitFor();
    await view.getByRole('button', { name: 'Show line 7' }).click();
    await view.locator('.where', { hasText: /^Line 7\b/ }).waitFor({ state: 'attached' });
    expect(await view.locator('.pair-row .codicon-warning').count()).toBe(0);
    await workbench.shoot('findings');
  });

  it('the heading of a long answer stays visible while the answer scrolls', async () => {
    const answer = 'A sheep has four legs, and each of them ends in a hoof that is cloven in two. '.repeat(120);
    const long = { prompt: 'How many legs?', chosen: answer, rejected: answer.replaceAll('four', 'five') };
    writeFileSync(join(workbench.folder, 'long.jsonl'), `${JSON.stringify(long)}\n`);
    view = await workbench.openPairs('long.jsonl');
    const head = view.locator('.column.chosen h2');
    const topOf = (part: Locator) => part.evaluate((element) => element.getBoundingClientRect().top);
    // The page drops a turn of the wheel that arrives before it can scroll.
    const scrolledTop = async (): Promise<number> => {
      await head.hover();
      await workbench.page.mouse.wheel(0, 900);
      return topOf(view.locator('.column.chosen .text').last());
    };
    await expect.poll(scrolledTop).toBeLessThan(0);
    expect(await topOf(head)).toBeGreaterThanOrEqual(0);
    await workbench.shoot('long-answer');
    const height = (): Promise<number> => view.locator('.column.chosen').evaluate((column) => column.clientHeight);
    const unfolded = await height();
    await view
      .getByRole('button', { name: /^Fold .* characters/ })
      .first()
      .click();
    await view.locator('.column.chosen .folded').waitFor();
    await view.getByRole('button', { name: /^Fold .* characters/ }).click();
    expect(await height()).toBeLessThan(unfolded / 2);
    await workbench.shoot('folded-answers');
  });

  it('a file without rows is named by its kind, and stays as it is', async () => {
    writeFileSync(join(workbench.folder, 'packed.jsonl'), 'PK\x03\x04');
    await workbench.openFile('packed.jsonl');
    await workbench.command('Margin: Open as Pairs');
    view = await workbench.view('.other-kind');
    await view.getByText('packed.jsonl is a zip archive').waitFor();
    await view.getByRole('button', { name: 'Open as text' }).waitFor();
    await workbench.shoot('other-kind');
  });
});

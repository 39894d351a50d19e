import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { must } from '../../src/base/pure/must';
import { Workbench } from './driver';

describe('unsaved edits', () => {
  let workbench: Workbench;
  let before: string;
  const file = (): string => join(workbench.folder, 'prefs.jsonl');
  const content = (): string => readFileSync(file(), 'utf8');
  const dirtyTab = (): Locator => workbench.page.locator('.tabs-container .tab.dirty', { hasText: 'prefs.jsonl' });

  beforeAll(async () => {
    workbench = await Workbench.open();
    before = content();
    await workbench.activity('Margin').click();
    await workbench.row('602 rows').click();
  });
  afterAll(() => workbench?.close());

  async function select(row: number): Promise<Frame> {
    const view = await workbench.view('.pair-row');
    await view.locator('.pair-row').nth(row).click();
    await view.locator('.where', { hasText: new RegExp(`^Line ${row + 1}\\b`) }).waitFor({ state: 'attached' });
    return view;
  }

  async function type(row: number, text: string): Promise<void> {
    const view = await select(row);
    await workbench.press('e');
    await view.locator('textarea:visible').waitFor();
    await workbench.page.keyboard.type(text);
    await dirtyTab().waitFor();
  }

  async function edit(row: number, text: string): Promise<void> {
    await type(row, text);
    await workbench.press('Control+Enter');
  }

  /** Index and new text of each changed line. */
  const changed = (): (readonly [number, string])[] => {
    const old = before.split('\n');
    return content()
      .split('\n')
      .flatMap((line, row) => (line === old[row] ? [] : [[row, line] as const]));
  };

  it('are restored after the window was closed in the middle of typing; a save then writes only their line', async () => {
    await type(1, ' Kept over the night.');
    await expect.poll(() => backupOf(workbench.server.data, 'Kept over the night.')).not.toBeNull();
    await workbench.saved(must(backupOf(workbench.server.data, 'Kept over the night.'), 'the backup'));
    await workbench.reopen();
    await dirtyTab().waitFor();
    const view = await select(1);
    await view.locator('.column.chosen .text', { hasText: 'Kept over the night.' }).waitFor();
    await workbench.shoot('hot-exit-restored');
    expect(content()).toBe(before);
    await workbench.press('Control+S');
    await dirtyTab().waitFor({ state: 'detached' });
    expect(changed()).toEqual([[1, expect.stringContaining('Kept over the night.')]]);
  });

  it('do not overwrite another program’s changes unless the user says so', async () => {
    await edit(2, ' Mine.');
    const [, ...rest] = content().split('\n');
    const theirs = ['{"prompt":"Theirs?","chosen":"Yes.","rejected":"No."}', ...rest].join('\n');
    writeFileSync(file(), theirs);
    await select(2);
    await workbench.press('Control+S');
    const question = workbench.page.locator('.monaco-dialog-box', { hasText: 'was changed by another program' });
    await question.waitFor();
    await workbench.shoot('changed-outside-save');
    await question.getByRole('button', { name: 'Cancel' }).click();
    await question.waitFor({ state: 'detached' });
    expect(content()).toBe(theirs);
    await dirtyTab().waitFor();
    await select(2);
    await workbench.press('Control+S');
    await question.getByRole('button', { name: 'Keep Mine' }).click();
    await dirtyTab().waitFor({ state: 'detached' });
    expect(content().split('\n').slice(1)).toEqual([rest[0], expect.stringContaining('Mine.'), ...rest.slice(2)]);
    expect(content()).not.toContain('Theirs?');
  });

  it('are merged with another program’s changes of other rows if the user says so', async () => {
    await edit(2, ' Merged.');
    const [, ...rest] = content().split('\n');
    const theirs = '{"prompt":"Theirs too?","chosen":"Yes.","rejected":"No."}';
    writeFileSync(file(), [theirs, ...rest].join('\n'));
    await select(2);
    await workbench.press('Control+S');
    const question = workbench.page.locator('.monaco-dialog-box', {
      hasText: 'You have unsaved edits in 1 other row.',
    });
    await question.getByRole('button', { name: 'Merge' }).click();
    await dirtyTab().waitFor({ state: 'detached' });
    expect(content().split('\n')).toEqual([theirs, rest[0], expect.stringContaining('Merged.'), ...rest.slice(2)]);
    const view = await workbench.view('.pair-row');
    await view.locator('.pair-row', { hasText: 'Theirs too?' }).waitFor();
  });

  it('are saved without a question when another program has appended rows', async () => {
    const lines = content().split('\n').slice(0, -1);
    await edit(3, ' Beside theirs.');
    appendFileSync(file(), '{"prompt":"Added?","chosen":"Yes.","rejected":"No."}\n');
    await select(3);
    await workbench.press('Control+S');
    await dirtyTab().waitFor({ state: 'detached' });
    const saved = content().split('\n');
    expect(saved).toHaveLength(lines.length + 2);
    expect([saved[3], saved.at(-2)]).toEqual([
      expect.stringContaining('Beside theirs.'),
      expect.stringContaining('Added?'),
    ]);
  });
});

/** Name of the extension's backup with a text, once the workbench has recorded it. */
function backupOf(serverData: string, text: string): string | null {
  const user = join(serverData, 'data', 'User');
  const backup = filesIn(join(user, 'workspaceStorage')).find(
    ([path, content]) => path.includes('margin.margin') && content.includes(text),
  );
  if (backup === undefined) return null;
  const name = basename(backup[0]);
  return filesIn(join(user, 'Backups')).some(([, content]) => content.includes(name)) ? name : null;
}

function filesIn(folder: string): (readonly [path: string, content: string])[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map(({ parentPath, name }) => [join(parentPath, name), readFileSync(join(parentPath, name), 'utf8')]);
}

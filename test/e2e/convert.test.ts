import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Workbench } from './driver';
import { chooseFromMenu } from './page';

const patience = 60_000;

describe('Convert…', () => {
  let workbench: Workbench;

  beforeAll(async () => {
    // Converting runs no model and no code of the folder.
    workbench = await Workbench.open({ restricted: true });
  });
  afterAll(() => workbench?.close());

  it('shows the first rows, writes the file in Restricted Mode, and opens it as pairs', async () => {
    const { page } = workbench;
    await workbench.activity('Margin').click();
    // A row of the side bar that is redrawn while its menu is open gives the command no file.
    const file = page.getByRole('treeitem', { name: /prefs\.jsonl.*rows.*problems/ });
    await chooseFromMenu(file, 'Convert…', patience);
    await workbench.shoot('convert-1-targets');
    await workbench.pick('OpenAI');
    await workbench.tab('Preview of prefs.jsonl as openai.jsonc').waitFor({ timeout: patience });
    await page.locator('.view-lines', { hasText: 'preferred_output' }).first().waitFor();
    await workbench.shoot('convert-2-preview');
    await workbench.pick('Save As…');
    await page.getByText('File to convert to').waitFor();
    await workbench.saveAs(join(workbench.folder, 'mine.jsonl'), /prefs-openai\.jsonl$/);
    await workbench.view('.pair-row');
    await workbench.tab('mine.jsonl').waitFor();
    expect(await workbench.tab('Preview of prefs.jsonl as openai.jsonc').count()).toBe(0);
    await workbench.notification(/rows written to mine\.jsonl/);
    await workbench.shoot('convert-3-result');
    const [first = ''] = readFileSync(join(workbench.folder, 'mine.jsonl'), 'utf8').split('\n');
    expect(Object.keys(JSON.parse(first) as object)).toEqual(['input', 'preferred_output', 'non_preferred_output']);
  });
});

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Workbench } from './driver';
import { chooseFromMenu } from './page';

const patience = 60_000;

describe('a run’s checkpoint, taken elsewhere', () => {
  let workbench: Workbench;

  beforeAll(async () => {
    workbench = await Workbench.open();
    await workbench.margin('train', 'sample.train.json', '--max_steps', '2', '--per_device_train_batch_size', '16');
  });
  afterAll(() => workbench?.close());

  it('Export… on a run asks for format and folder, and shows the folder it made', async () => {
    await workbench.activity('Margin').click();
    // A view that is still loading may take the focus from a pick list, which closes it.
    await workbench.page.getByRole('treeitem', { name: /prefs\.jsonl.*rows/ }).waitFor({ timeout: patience });
    const run = workbench.page.getByRole('treeitem', { name: /sample.*done.*2\/2/ });
    await chooseFromMenu(run, 'Export…', patience);
    await workbench.shoot('export-1-format');
    await workbench.pick('Merged model');
    await workbench.page.getByText('Folder to export into').waitFor();
    await workbench.shoot('export-2-folder');
    await workbench.saveAs(join(workbench.folder, 'mine'), /-merged$/);
    await exportedTo('mine');
    expect(readdirSync(join(workbench.folder, 'mine'))).toEqual(
      expect.arrayContaining(['README.md', 'config.json', 'model.safetensors', 'tokenizer.json']),
    );
    await workbench.page.getByRole('button', { name: 'Show in Explorer' }).first().click();
    await workbench.page.getByRole('treeitem', { name: /^mine/ }).waitFor();
  });

  it('Export… of the palette asks for the checkpoint too', async () => {
    await workbench.command('Margin: Export…');
    await workbench.pick('sample');
    await workbench.pick('PEFT adapter');
    await workbench.page.getByText('Folder to export into').waitFor();
    await workbench.saveAs(join(workbench.folder, 'adapter'), /-peft$/);
    await exportedTo('adapter');
    expect(readdirSync(join(workbench.folder, 'adapter')).sort()).toEqual([
      'README.md',
      'adapter_config.json',
      'adapter_model.safetensors',
    ]);
  });

  /** The message may have gone by when it is looked for; it stays among the notifications. */
  async function exportedTo(name: string): Promise<void> {
    const { page } = workbench;
    await expect.poll(() => readdirSync(workbench.folder), { timeout: patience }).toContain(name);
    await workbench.command('Notifications: Show Notifications');
    await page.locator('.notifications-center').getByText(`Exported to ${name}`).waitFor();
    await workbench.shoot(`export-3-${name}`);
  }
});

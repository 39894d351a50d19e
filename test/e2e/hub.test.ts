import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { HubServer } from '../hub/hubServer';
import { Workbench } from './driver';

const patience = 60_000;
const names = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'model.safetensors'];

describe('the Hub', () => {
  const hub = new HubServer();
  let workbench: Workbench;
  let home = '';

  beforeAll(async () => {
    await hub.start();
    const files = names.map((name) => [name, readFileSync(join('media/sample/model', name))] as const);
    hub.add('models/org/tiny', Object.fromEntries(files));
    home = mkdtempSync(join(tmpdir(), 'margin-hub-'));
    vi.stubEnv('HF_ENDPOINT', hub.endpoint);
    vi.stubEnv('HF_HOME', home);
    workbench = await Workbench.open({ own: true });
    await workbench.margin('train', 'sample.train.json', '--max_steps', '2', '--per_device_train_batch_size', '16');
  });
  afterAll(async () => {
    await workbench?.close();
    vi.unstubAllEnvs();
    await hub.stop();
    rmSync(home, { recursive: true, force: true });
  });

  it('gives a model by its id, which comes into the cache of huggingface_hub', async () => {
    await workbench.activity('Margin').click();
    await workbench.page.getByRole('treeitem', { name: /prefs\.jsonl.*rows/ }).waitFor({ timeout: patience });
    await workbench.command('Margin: Pull Model or Data Set…');
    await workbench.page.locator('.quick-input-list').getByText('HuggingFaceTB/SmolLM2-135M-Instruct').waitFor();
    await workbench.shoot('hub-1-suggested');
    await workbench.pick('Model or Data Set by Its Id…');
    await workbench.answer('org/tiny');
    await workbench.notification('org/tiny is here', patience);
    await workbench.shoot('hub-2-pulled');
    expect(readFileSync(join(home, 'hub', 'models--org--tiny', 'refs', 'main'), 'utf8')).toMatch(/^[0-9a-f]{40}$/);
    await workbench.clearNotifications();
  });

  it('takes an adapter with its card, after both were shown', async () => {
    await workbench.command('Margin: Set Hub Token…');
    await workbench.answer('hf_good');
    await workbench.command('Margin: Push Adapter…');
    await workbench.pick('sample');
    await reply('Where to?', 'me/adapter');
    await reply('The licence', 'mit');
    await reply('Name of the base model', 'org/tiny');
    const dialog = workbench.page.locator('.monaco-dialog-box');
    await dialog.getByText('a new repository?').waitFor({ timeout: patience });
    await workbench.shoot('hub-3-preview');
    expect(hub.pushes.commits).toEqual([]);
    await dialog.getByRole('button', { name: 'Push as Private' }).click();
    await workbench.notification('Pushed:', patience);
    await workbench.shoot('hub-4-pushed');
    expect(hub.pushes.commits).toEqual([expect.objectContaining({ repo: 'models/me/adapter' })]);
    expect(hub.pushes.created).toEqual([expect.objectContaining({ visibility: 'private' })]);
    const card = hub.repos.get('models/me/adapter')?.files['README.md']?.toString();
    expect(card).toMatch(/^---\nlicense: mit\nbase_model: "org\/tiny"/);
  });

  /** Types into one of several fields that follow each other. */
  async function reply(prompt: string, text: string): Promise<void> {
    const { page } = workbench;
    await page.locator('.quick-input-widget', { hasText: prompt }).waitFor({ timeout: patience });
    await workbench.quickInput.fill(text);
    await workbench.press('Enter');
    await page.locator('.quick-input-widget', { hasText: prompt }).waitFor({ state: 'hidden' });
  }
});

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { HubServer } from '../hub/hubServer';
import { Workbench } from './driver';

const patience = 120_000;
const names = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'model.safetensors'];
const held = 1_000_000;

describe('the Hub', () => {
  const hub = new HubServer();
  let workbench: Workbench;
  let form: Frame;
  let home = '';
  const inCache = (repo: string, ...path: readonly string[]): string =>
    join(home, 'hub', `models--org--${repo}`, ...path);

  beforeAll(async () => {
    await hub.start();
    const files = names.map((name) => [name, readFileSync(join('media/sample/model', name))] as const);
    for (const name of ['tiny', 'start']) hub.add(`models/org/${name}`, Object.fromEntries(files));
    home = mkdtempSync(join(tmpdir(), 'margin-hub-'));
    vi.stubEnv('HF_ENDPOINT', hub.endpoint);
    vi.stubEnv('HF_HOME', home);
    workbench = await Workbench.open({ own: true });
    const config = { model_name_or_path: 'model', train_file: 'prefs.jsonl', max_steps: 3, logging_steps: 1 };
    const keys = { ...config, per_device_train_batch_size: 4, use_peft: true, lora_r: 2 };
    writeFileSync(join(workbench.folder, 'hub.train.json'), `${JSON.stringify(keys, null, 2)}\n`);
  });
  afterAll(async () => {
    await workbench?.close();
    vi.unstubAllEnvs();
    await hub.stop();
    rmSync(home, { recursive: true, force: true });
  });

  it('Cancel stops a pull and keeps what has come; the next pull goes on there', async () => {
    await workbench.activity('Margin').click();
    await workbench.page.getByRole('treeitem', { name: /prefs\.jsonl.*rows/ }).waitFor({ timeout: patience });
    hub.faults.holdAfter = held;
    await pullById('tiny');
    const progress = await workbench.notification('Pulling org/tiny', patience);
    await expect.poll(() => partBytes('tiny'), { timeout: patience }).toBe(held);
    await workbench.shoot('hub-1-pulling');
    await progress.getByRole('button', { name: 'Cancel' }).click();
    await progress.waitFor({ state: 'hidden' });
    expect(partBytes('tiny')).toBe(held);
    expect(readdirSync(inCache('tiny'))).not.toContain('refs');
    hub.faults.holdAfter = 0;
    await pullById('tiny');
    await workbench.notification('org/tiny is here', patience);
    expect(hub.requests.map(({ range }) => range)).toContain(`bytes=${held}-`);
    expect(readFileSync(inCache('tiny', 'refs', 'main'), 'utf8')).toMatch(/^[0-9a-f]{40}$/);
    expect(partBytes('tiny')).toBeNull();
    await workbench.clearNotifications();
  });

  it('Start with a Model… of the training form pulls one, and the config names it', async () => {
    await workbench.openFile('hub.train.json');
    await workbench.command('Margin: Open as Form');
    form = await workbench.view('#field-beta', patience);
    await form
      .locator('#field-model_name_or_path')
      .getByRole('button', { name: /Find Models/ })
      .click();
    await workbench.pick('Find Models on This Machine');
    await workbench.page.getByPlaceholder(/^Model to train/).waitFor({ timeout: patience });
    await workbench.pick('Start with a Model from Hugging Face');
    await chooseById('start');
    await expect
      .poll(() => form.locator('#key-model_name_or_path').inputValue(), { timeout: patience })
      .toContain(join('models--org--start', 'snapshots'));
    await workbench.shoot('hub-2-form');
    await workbench.command('File: Save');
    await expect
      .poll(() => readFileSync(join(workbench.folder, 'hub.train.json'), 'utf8'), { timeout: patience })
      .toContain('models--org--start');
  });

  it('a run trains it, and its adapter goes up with its card, after both were shown', async () => {
    await form.getByRole('button', { name: 'Train…' }).click();
    const question = workbench.page.locator('.monaco-dialog-box', { hasText: /hub\.train\.json\? It takes about/ });
    await question.getByRole('button', { name: 'Start' }).click({ timeout: patience });
    const panel = await workbench.view('.chart canvas', patience);
    const status = panel.locator('.header').getByRole('status');
    await status.getByText('done', { exact: true }).waitFor({ timeout: patience });
    await workbench.shoot('hub-3-trained');
    await workbench.command('Margin: Set Hub Token…');
    await workbench.answer('hf_good');
    await workbench.command('Margin: Push Adapter…');
    await workbench.pick('hub');
    await reply('Where to?', 'me/adapter');
    await reply('The licence', 'mit');
    await preview();
    await workbench.shoot('hub-4-preview');
    expect(hub.pushes.commits).toEqual([]);
    await push('me/adapter');
    await workbench.shoot('hub-5-pushed');
    expect(hub.pushes.commits).toEqual([expect.objectContaining({ repo: 'models/me/adapter' })]);
    expect(hub.pushes.created).toEqual([expect.objectContaining({ visibility: 'private' })]);
    const card = hub.repos.get('models/me/adapter')?.files['README.md']?.toString();
    expect(card).toMatch(/^---\nlicense: mit\nbase_model: "org\/start"/);
    expect(card).not.toContain(home);
    await workbench.clearNotifications();
  });

  it('Push Data Set… sends a file with a card that says only what was counted', async () => {
    await workbench.command('Margin: Push Data Set…');
    await workbench.takePath(join(workbench.folder, 'heldout.jsonl'), /./);
    await reply('Where to?', 'me/pairs');
    await reply('The licence', 'cc-by-4.0');
    await preview();
    await workbench.shoot('hub-6-data');
    await push('me/pairs');
    const { files } = hub.repos.get('datasets/me/pairs') ?? { files: {} };
    const sent = readFileSync(join(workbench.folder, 'heldout.jsonl'));
    expect(files['heldout.jsonl']?.equals(sent)).toBe(true);
    const rows = sent.toString().trim().split('\n').length;
    expect(files['README.md']?.toString()).toMatch(/^---\nlicense: cc-by-4\.0\n/);
    expect(files['README.md']?.toString()).toContain(String(rows));
  });

  /** Bytes of the file that has come in part; null: there is none. */
  function partBytes(repo: string): number | null {
    const blobs = inCache(repo, 'blobs');
    const [part] = existsSync(blobs) ? readdirSync(blobs).filter((name) => name.endsWith('.incomplete')) : [];
    return part === undefined ? null : statSync(join(blobs, part)).size;
  }

  async function pullById(repo: string): Promise<void> {
    await workbench.command('Margin: Pull Model or Data Set…');
    await chooseById(repo);
  }

  /** Leaves the list of small models for the id of another one. */
  async function chooseById(repo: string): Promise<void> {
    const list = workbench.page.locator('.quick-input-list');
    await list.getByText('HuggingFaceTB/SmolLM2-135M-Instruct').waitFor({ timeout: patience });
    await workbench.shoot(`hub-0-suggested-${repo}`);
    await workbench.pick('Model or Data Set by Its Id…');
    await workbench.answer(`org/${repo}`);
  }

  /** Waits for the question that names each file, before anything is sent. */
  async function preview(): Promise<void> {
    await workbench.page.locator('.monaco-dialog-box').getByText('a new repository?').waitFor({ timeout: patience });
  }

  async function push(repo: string): Promise<void> {
    await workbench.page.locator('.monaco-dialog-box').getByRole('button', { name: 'Push as Private' }).click();
    await workbench.notification(new RegExp(`Pushed:.*${repo}`), patience);
  }

  /** Types into one of several fields that follow each other. */
  async function reply(prompt: string, text: string): Promise<void> {
    const { page } = workbench;
    await page.locator('.quick-input-widget', { hasText: prompt }).waitFor({ timeout: patience });
    await workbench.quickInput.fill(text);
    await workbench.press('Enter');
    await page.locator('.quick-input-widget', { hasText: prompt }).waitFor({ state: 'hidden' });
  }
});

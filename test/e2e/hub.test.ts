import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { HubServer } from '../hub/hubServer';
import { Workbench } from './driver';

const patience = 120_000;
const names = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'model.safetensors'];
const held = 1_000_000;

describe('the Hub', () => {
  const hub = new HubServer();
  let workbench: Workbench;
  let home = '';
  const inCache = (repo: string, ...path: readonly string[]): string =>
    join(home, 'hub', `models--org--${repo}`, ...path);

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

  it('takes an adapter with its card, after both were shown', async () => {
    await workbench.command('Margin: Set Hub Token…');
    await workbench.answer('hf_good');
    await workbench.command('Margin: Push Adapter…');
    await workbench.pick('sample');
    await reply('Where to?', 'me/adapter');
    await reply('The licence', 'mit');
    await reply('Name of the base model', 'org/tiny');
    await preview();
    await workbench.shoot('hub-3-preview');
    expect(hub.pushes.commits).toEqual([]);
    await push('me/adapter');
    await workbench.shoot('hub-4-pushed');
    expect(hub.pushes.commits).toEqual([expect.objectContaining({ repo: 'models/me/adapter' })]);
    expect(hub.pushes.created).toEqual([expect.objectContaining({ visibility: 'private' })]);
    const card = hub.repos.get('models/me/adapter')?.files['README.md']?.toString();
    expect(card).toMatch(/^---\nlicense: mit\nbase_model: "org\/tiny"/);
    await workbench.clearNotifications();
  });

  it('Push Data Set… sends a file with a card that says only what was counted', async () => {
    await workbench.command('Margin: Push Data Set…');
    await workbench.takePath(join(workbench.folder, 'heldout.jsonl'), /./);
    await reply('Where to?', 'me/pairs');
    await reply('The licence', 'cc-by-4.0');
    await preview();
    await workbench.shoot('hub-5-data');
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

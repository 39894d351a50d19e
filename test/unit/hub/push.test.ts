import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { dataCard, type DataFacts } from '../../../src/hub/dataCard';
import { parseLicence, withLicence } from '../../../src/hub/licence';
import { lookAtTarget, push, type PushPlan } from '../../../src/hub/push';
import { HubServer } from '../../hub/hubServer';
import { temporaryFolder } from '../run/temporaryFolder';
import { clientOf, pattern } from './samples';

const hub = new HubServer();
const writer = { HF_TOKEN: 'hf_good' };
let folder = '';
let plan: PushPlan;

beforeEach(async () => {
  await hub.start();
  folder = await temporaryFolder();
  const contents = { 'README.md': Buffer.from('# Card'), 'adapter_model.safetensors': pattern(50_000) };
  const files = await Promise.all(
    Object.entries(contents).map(async ([path, content]) => {
      await writeFile(join(folder, path), content);
      return { path, source: join(folder, path), bytes: content.length };
    }),
  );
  plan = { files, title: 'Upload', visibility: 'private' };
});

afterEach(async () => {
  await hub.stop();
  hub.repos.clear();
  hub.requests.length = 0;
  hub.pushes.commits.length = 0;
  hub.pushes.created.length = 0;
  Object.assign(hub.faults, { busy: 0, retryAfter: 0 });
});

it('a push makes a private repository, sends large files to the storage and commits', async () => {
  const client = await clientOf(hub, folder, { id: 'me/new', env: writer });
  const target = await lookAtTarget(client, plan);
  expect(target).toEqual({ commit: null, replaced: [] });
  expect(hub.requests.every(({ line }) => line.startsWith('GET'))).toBe(true);
  const told = new Set<string>();
  const { url } = await push(client, plan, target, (file, doing) => told.add(`${doing} ${file}`));
  expect(url).toBe(`${hub.endpoint}/me/new/commit/1`);
  expect(hub.pushes.created).toEqual([
    expect.objectContaining({ name: 'new', organization: 'me', visibility: 'private' }),
  ]);
  const files = hub.repos.get('models/me/new')?.files;
  expect(files?.['adapter_model.safetensors']).toEqual(pattern(50_000));
  expect(files?.['README.md']?.toString()).toBe('# Card');
  expect(told).toContain('uploading adapter_model.safetensors');
  const stored = hub.requests.filter(({ line }) => line.startsWith('PUT'));
  expect(stored.map(({ token }) => token)).toEqual([null]);
});

it('a push into a repository that exists keeps its other files and says which it replaces', async () => {
  hub.add('models/me/old', { 'README.md': 'old', 'other.txt': 'kept' });
  const client = await clientOf(hub, folder, { id: 'me/old', env: writer });
  const target = await lookAtTarget(client, plan);
  expect(target.replaced).toEqual(['README.md']);
  await push(client, plan, target, () => undefined);
  expect(hub.pushes.created).toEqual([]);
  expect(Object.keys(hub.repos.get('models/me/old')?.files ?? {})).toContain('other.txt');
});

it('a push waits while the Hub is busy', async () => {
  const client = await clientOf(hub, folder, { id: 'me/new', env: writer });
  const target = await lookAtTarget(client, plan);
  hub.faults.busy = 2;
  await push(client, plan, target, () => undefined);
  expect(hub.pushes.commits).toHaveLength(1);
});

it.each([
  [{}, 'hub-login', 'needs a token that may write'],
  [{ HF_TOKEN: 'hf_old' }, 'hub-login', 'refused the token'],
  [{ HF_TOKEN: 'hf_admitted' }, 'hub-forbidden', 'Give it the right'],
])('a push with %j is refused with the next step', async (env, code, message) => {
  const client = await clientOf(hub, folder, { id: 'me/new', env });
  const pushed = lookAtTarget(client, plan).then((target) => push(client, plan, target, () => undefined));
  await expect(pushed).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  expect(hub.pushes.commits).toEqual([]);
});

it('a card says what was counted, and nothing that is not known', () => {
  const facts: DataFacts = {
    name: 'prefs.jsonl',
    licence: 'cc-by-4.0',
    rows: 1200,
    bytes: 5,
    sha256: 'ab',
    review: null,
    checks: [{ severity: 'warning', code: 'same-answers', count: 3 }],
  };
  const card = dataCard(facts, 'me/prefs', '1.0');
  expect(card).toMatch(/^---\nlicense: cc-by-4.0\nsize_categories:\n- 1K<n<10K\n/);
  expect(card).toContain('| warning | `same-answers` | 3 |');
  expect(card).toContain('There are no marks of reviewers.');
  expect(card).not.toMatch(/language|annotations_creators/);
  const review = { pairs: 10, reviewed: 8, reviewers: 2, adjudicated: 1, edits: 4, agreement: null };
  expect(dataCard({ ...facts, review }, 'me/prefs', '1.0')).toContain('8 of 10 pairs have a verdict; reviewers: 2');
});

it('a licence is a name of the Hub, and none is added that nobody gave', () => {
  expect(withLicence('---\ntags: []\n---\n', 'mit')).toBe('---\nlicense: mit\ntags: []\n---\n');
  expect(withLicence('---\ntags: []\n---\n', null)).toBe('---\ntags: []\n---\n');
  expect(parseLicence('apache-2.0')).toBe('apache-2.0');
  expect(() => parseLicence('mit\nextra: 1')).toThrow(expect.objectContaining({ code: 'hub-licence' }));
});

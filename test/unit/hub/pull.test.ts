import { lstat, readdir, readFile, readlink, writeFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hubSnapshot } from '../../../src/base/node/hubSnapshot';
import { cachedPull } from '../../../src/hub/cachedPull';
import { planPull, pull, type PulledFile } from '../../../src/hub/pull';
import { parseRepo } from '../../../src/hub/repo';
import { HubServer } from '../../hub/hubServer';
import { temporaryFolder } from '../run/temporaryFolder';
import { type Asked, clientOf, modelContents, pattern, wantsAll } from './samples';

const hub = new HubServer();
let home = '';

beforeEach(async () => {
  await hub.start();
  hub.add('models/org/tiny', modelContents);
  home = await temporaryFolder();
});

afterEach(async () => {
  await hub.stop();
  hub.repos.clear();
  hub.requests.length = 0;
  Object.assign(hub.faults, { busy: 0, retryAfter: 0, breakAfter: 0, breaks: 0, damaged: false, noRanges: false });
});

async function pulled(asked: Asked = {}, options = wantsAll): Promise<readonly PulledFile[]> {
  const client = await clientOf(hub, home, asked);
  return pull(client, await planPull(client, options), () => undefined);
}

const repoFolder = (): string => join(home, '.cache', 'huggingface', 'hub', 'models--org--tiny');

describe('a model', () => {
  it('comes into the cache of huggingface_hub, without files that Margin does not need', async () => {
    const files = await pulled();
    expect(files.map(({ name }) => name)).toEqual([
      'config.json',
      'tokenizer.json',
      'chat_template.jinja',
      'model.safetensors',
    ]);
    const snapshot = await hubSnapshot(repoFolder());
    const folder = snapshot && 'folder' in snapshot ? snapshot.folder : '';
    expect((await readdir(folder)).sort()).toEqual(files.map(({ name }) => name).sort());
    expect(await readFile(join(folder, 'model.safetensors'))).toEqual(modelContents['model.safetensors']);
    expect((await lstat(join(folder, 'config.json'))).isSymbolicLink()).toBe(true);
    expect(await readlink(join(folder, 'model.safetensors'))).toMatch(/^\.\.\/\.\.\/blobs\/[0-9a-f]{64}$/);
    expect(await readdir(join(repoFolder(), 'blobs'))).toHaveLength(4);
  });

  it('comes once: the second pull downloads nothing', async () => {
    await pulled();
    hub.requests.length = 0;
    expect((await pulled()).every(({ cached }) => cached)).toBe(true);
    expect(hub.requests.filter(({ line }) => line.includes('resolve'))).toEqual([]);
  });

  it('has one blob for a file that two commits share', async () => {
    await pulled();
    hub.add('models/org/tiny', { ...modelContents, 'config.json': '{"model_type": "qwen2"}' });
    hub.requests.length = 0;
    await pulled();
    expect(hub.requests.filter(({ line }) => line.includes('resolve')).map(({ line }) => line)).toEqual([
      expect.stringMatching(/config\.json$/),
    ]);
    expect(await readFile(join((await pulled())[0]?.path ?? ''), 'utf8')).toContain('qwen2');
  });

  it('of which a commit is named keeps refs/main as it is', async () => {
    const client = await clientOf(hub, home);
    const { commit } = await planPull(client, wantsAll);
    await pull(client, await planPull(client, { ...wantsAll, revision: commit }), () => undefined);
    expect(await readdir(repoFolder())).not.toContain('refs');
  });
});

describe('a broken download', () => {
  it('goes on where it stopped', async () => {
    Object.assign(hub.faults, { breaks: 2, breakAfter: 25_000 });
    await pulled();
    const ranges = hub.requests.filter(({ line }) => line.includes('signature')).map(({ range }) => range);
    expect(ranges).toHaveLength(3);
    expect(ranges.slice(1).every((range) => range !== null)).toBe(true);
  });

  it('begins again where the server ignores ranges', async () => {
    Object.assign(hub.faults, { breaks: 2, breakAfter: 25_000, noRanges: true });
    const files = await pulled();
    expect(await readFile(files[3]?.path ?? '')).toEqual(modelContents['model.safetensors']);
  });

  it('is continued by a later pull, from the file that huggingface_hub would leave', async () => {
    const bytes = modelContents['model.safetensors'];
    await pulled();
    const [blob = ''] = (await readdir(join(repoFolder(), 'blobs'))).filter((name) => name.length === 64);
    home = await temporaryFolder();
    await mkdir(join(repoFolder(), 'blobs'), { recursive: true });
    await writeFile(join(repoFolder(), 'blobs', `${blob}.incomplete`), bytes.subarray(0, 40_000));
    hub.requests.length = 0;
    const files = await pulled();
    expect(hub.requests.find(({ line }) => line.includes('signature'))?.range).toBe('bytes=40000-');
    expect(await readFile(files[3]?.path ?? '')).toEqual(bytes);
  });

  it('is begun again if what lay there was damaged', async () => {
    await pulled();
    const [blob = ''] = (await readdir(join(repoFolder(), 'blobs'))).filter((name) => name.length === 64);
    home = await temporaryFolder();
    await mkdir(join(repoFolder(), 'blobs'), { recursive: true });
    await writeFile(join(repoFolder(), 'blobs', `${blob}.incomplete`), Buffer.alloc(40_000));
    const files = await pulled();
    expect(await readFile(files[3]?.path ?? '')).toEqual(modelContents['model.safetensors']);
  });

  it('that never gets further ends with its place, and keeps what came', async () => {
    Object.assign(hub.faults, { breaks: 1000, breakAfter: 0 });
    await expect(pulled()).rejects.toMatchObject({ code: 'hub-broken', message: expect.stringContaining('Try again') });
  }, 60_000);
});

it('a file whose checksum is wrong is deleted and named, and the revision does not move', async () => {
  hub.faults.damaged = true;
  await expect(pulled()).rejects.toMatchObject({ code: 'hub-checksum', details: { file: 'model.safetensors' } });
  const blobs = await readdir(join(repoFolder(), 'blobs'));
  expect(blobs.filter((name) => name.length !== 40)).toEqual([]);
  expect(await readdir(repoFolder())).not.toContain('refs');
});

it('a busy Hub is asked again after the time that it names', async () => {
  Object.assign(hub.faults, { busy: 2, retryAfter: 0 });
  const waits: string[] = [];
  await pulled({ onWait: (text) => waits.push(text) });
  expect(waits).toEqual([expect.stringContaining('0 s'), expect.stringContaining('0 s')]);
  Object.assign(hub.faults, { busy: 1, retryAfter: 86_400 });
  await expect(pulled()).rejects.toMatchObject({ code: 'hub-busy', message: expect.stringContaining('86400 s') });
});

it('the token goes to the Hub, and not to the host that keeps the files', async () => {
  await pulled({ env: { HF_TOKEN: 'hf_good' } });
  const tokens = (part: string): (string | null)[] =>
    hub.requests.filter(({ line }) => line.includes(part)).map(({ token }) => token);
  expect(new Set(tokens('/api/'))).toEqual(new Set(['hf_good']));
  expect(new Set(tokens('/resolve/'))).toEqual(new Set(['hf_good']));
  expect(tokens('signature')).toEqual([null]);
});

describe('a refusal says what to do', () => {
  it.each([
    ['org/none', {}, 'hub-login', 'has no org/none, or it is private'],
    ['org/none', { HF_TOKEN: 'hf_good' }, 'hub-missing', 'what your token may read'],
    ['org/gated', {}, 'hub-gated', 'accept the terms. Then make a token'],
    ['org/gated', { HF_TOKEN: 'hf_good' }, 'hub-gated', 'Your token has no access yet'],
    ['org/tiny', { HF_TOKEN: 'hf_old' }, 'hub-login', 'refused the token'],
  ])('%s with %j', async (id, env, code, message) => {
    hub.add('models/org/gated', modelContents, { gated: true });
    const failure = pulled({ id, env });
    await expect(failure).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
    await expect(failure).rejects.not.toThrow(/hf_good|hf_old/);
  });

  it('of a revision that is not there', async () => {
    const client = await clientOf(hub, home);
    await expect(planPull(client, { ...wantsAll, revision: 'v9' })).rejects.toMatchObject({ code: 'hub-no-revision' });
  });

  it('of a Hub that cannot be reached', async () => {
    const env = { HF_ENDPOINT: 'http://127.0.0.1:9' };
    await expect(pulled({ env })).rejects.toMatchObject({ code: 'hub-unreachable' });
  });
});

it('a gated model comes with a token that has access', async () => {
  hub.add('models/org/gated', modelContents, { gated: true });
  expect(await pulled({ id: 'org/gated', env: { HF_TOKEN: 'hf_admitted' } })).toHaveLength(4);
});

describe('GGUF', () => {
  const two = { 'a-Q4.gguf': pattern(100), 'a-Q8.gguf': pattern(200), 'mmproj-a.gguf': pattern(10) };

  it('files are chosen by a person, and no encoder of images is offered', async () => {
    hub.add('models/org/tiny', two);
    await expect(pulled()).rejects.toMatchObject({
      code: 'hub-choose',
      details: { option: '--file', choices: [{ path: 'a-Q4.gguf' }, { path: 'a-Q8.gguf' }] },
    });
    expect((await pulled({}, { ...wantsAll, file: 'a-Q8.gguf' })).map(({ name }) => name)).toEqual(['a-Q8.gguf']);
  });

  it('parts come all', async () => {
    hub.add('models/org/tiny', { 'b-00001-of-00002.gguf': 'x', 'b-00002-of-00002.gguf': 'y' });
    expect(await pulled()).toHaveLength(2);
  });
});

describe('a data set', () => {
  const id = 'datasets/org/prefs';
  const parts = {
    'default/train/0000.parquet': 'a',
    'default/partial-test/0000.parquet': 'b',
    'other/train/0000.parquet': 'c',
  };

  it('comes as the Parquet files of one configuration and split', async () => {
    hub.add('datasets/org/prefs', { 'data.csv': 'x' });
    hub.add('datasets/org/prefs@refs/convert/parquet', parts);
    await expect(pulled({ id })).rejects.toMatchObject({ code: 'hub-choose', details: { option: '--config' } });
    const names = async (split: string | null): Promise<string[]> =>
      (await pulled({ id }, { ...wantsAll, config: 'default', split })).map(({ name }) => name);
    expect(await names(null)).toEqual(['default/train/0000.parquet', 'default/partial-test/0000.parquet']);
    expect(await names('test')).toEqual(['default/partial-test/0000.parquet']);
    await expect(names('dev')).rejects.toMatchObject({ code: 'hub-no-file' });
  });

  it('that the Hub has not converted comes as its own files of rows', async () => {
    hub.add('datasets/org/prefs', {
      'README.md': '',
      'dataset_infos.json': '{}',
      'data/train.jsonl': '{}',
      'data/test.csv': '',
    });
    expect((await pulled({ id })).map(({ name }) => name)).toEqual(['data/train.jsonl', 'data/test.csv']);
    expect((await pulled({ id }, { ...wantsAll, split: 'train' })).map(({ name }) => name)).toEqual([
      'data/train.jsonl',
    ]);
  });
});

it('offline, what was pulled is found and what was not is an error, without a request', async () => {
  await pulled();
  hub.requests.length = 0;
  const { settings } = await clientOf(hub, home, { env: { HF_HUB_OFFLINE: '1' } });
  const { files } = await cachedPull(settings, parseRepo('org/tiny'), wantsAll);
  expect(files.map(({ name }) => name)).toContain('model.safetensors');
  await expect(cachedPull(settings, parseRepo('org/other'), wantsAll)).rejects.toMatchObject({ code: 'hub-offline' });
  await expect(pulled({ env: { HF_HUB_OFFLINE: '1' } })).rejects.toMatchObject({ code: 'hub-offline' });
  expect(hub.requests).toEqual([]);
});

it('a stopped pull ends at once and keeps what came', async () => {
  const controller = new AbortController();
  const client = await clientOf(hub, home, { signal: controller.signal });
  const plan = await planPull(client, wantsAll);
  const stopped = pull(client, plan, (file) => {
    if (file === 'model.safetensors') controller.abort();
  });
  await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
});

it.each(['../../evil', 'a/../../evil', '/etc/evil', 'a\\b', 'C:evil'])('a file named %s is refused', async (path) => {
  hub.add('models/org/tiny', { 'config.json': '{}', [path]: 'x' });
  await expect(pulled()).rejects.toMatchObject({ code: 'hub-answer' });
});

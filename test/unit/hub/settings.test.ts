import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hubSettings } from '../../../src/hub/hubSettings';
import { parseRepo, parseRevision } from '../../../src/hub/repo';
import { temporaryFolder } from '../run/temporaryFolder';

describe('settings', () => {
  it('are those of huggingface_hub', async () => {
    const home = await temporaryFolder();
    expect(await hubSettings({}, home)).toEqual({
      endpoint: 'https://huggingface.co',
      cache: join(home, '.cache', 'huggingface', 'hub'),
      token: null,
      offline: false,
    });
    const env = { HF_ENDPOINT: 'https://hub.example/', HF_HUB_CACHE: '/c', HF_HUB_OFFLINE: 'YES', HF_TOKEN: 'hf_a\n' };
    expect(await hubSettings(env, home)).toEqual({
      endpoint: 'https://hub.example',
      cache: '/c',
      token: 'hf_a',
      offline: true,
    });
  });

  it('have the token of hf auth login', async () => {
    const home = await temporaryFolder();
    await mkdir(join(home, '.cache', 'huggingface'), { recursive: true });
    await writeFile(join(home, '.cache', 'huggingface', 'token'), 'hf_file\n');
    expect((await hubSettings({}, home)).token).toBe('hf_file');
  });

  it.each([
    [{ HF_TOKEN: 'secret' }, 'hub-token'],
    [{ HF_TOKEN: 'hf_secret', HF_ENDPOINT: 'http://hub.example' }, 'hub-token'],
    [{ HF_ENDPOINT: 'ftp://hub.example' }, 'hub-endpoint'],
    [{ HF_ENDPOINT: 'https://me:secret@hub.example' }, 'hub-endpoint'],
  ])('%j are refused, and no message shows the secret', async (env, code) => {
    const failure = hubSettings(env, await temporaryFolder());
    await expect(failure).rejects.toMatchObject({ code });
    await expect(failure).rejects.not.toThrow(/secret/);
  });
});

describe('names', () => {
  it.each([
    ['org/name', 'model', 'org/name'],
    ['gpt2', 'model', 'gpt2'],
    ['datasets/org/pre.fs-1', 'dataset', 'org/pre.fs-1'],
  ])('%s is a %s', (text, kind, name) => expect(parseRepo(text)).toEqual({ kind, name }));

  it.each(['', 'a/b/c', '../x', 'org/..', 'org/a--b', 'org/a.git', 'org/a b', '-x/y', 'datasets/', 'https://x/y'])(
    '%j names no repository',
    (text) => expect(() => parseRepo(text)).toThrow(expect.objectContaining({ code: 'hub-name' })),
  );

  it.each(['../main', 'a..b', '/main', 'a//b', 'a b', '.hidden', 'refs/.x', ''])('%j is no revision', (text) =>
    expect(() => parseRevision(text)).toThrow(expect.objectContaining({ code: 'hub-revision' })),
  );

  it('of branches may have slashes', () => expect(parseRevision('refs/pr/1')).toBe('refs/pr/1'));
});

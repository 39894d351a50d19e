import { beforeAll, describe, expect, it } from 'vitest';
import { type FakeProvider, FakeUri, type FakeVscode } from './fakeVscode';
import { content, row, rows, Sandbox } from './sandbox';

describe('the browser extension', () => {
  const sandbox = new Sandbox();
  let vscode: FakeVscode;
  let editor: FakeProvider;
  const start = (): void => void ({ vscode, editor } = sandbox.start());
  const opened = (): ReturnType<Sandbox['opened']> => sandbox.opened();
  const text = (): string => sandbox.text();

  beforeAll(() => sandbox.build());

  it('reads a file again when another program writes it, and says that it was deleted', async () => {
    start();
    const { channel, document } = await opened();
    const overview = async () => (await channel.request('hello', null)).overview;
    vscode.files.set('/prefs.jsonl', new TextEncoder().encode(`${content}\n${row('New?')}\n`));
    for (const changed of vscode.watchers) changed();
    await expect.poll(async () => (await overview()).rows).toBe(4);
    vscode.files.delete('/prefs.jsonl');
    for (const changed of vscode.watchers) changed();
    await expect.poll(async () => (await overview()).notice).toContain('prefs.jsonl was deleted or moved');
    expect((await overview()).rows).toBe(4);
    const { revision } = await overview();
    await channel.request('edit', { revision, edit: { kind: 'delete', row: 0 } });
    await editor.saveCustomDocument(document);
    expect(text()).toBe(`${content}\n${row('New?')}\n`.replace(`${rows[0]}\n`, ''));
    expect((await overview()).notice).toBe(null);
  });

  it('says that another program has changed a file with edits', async () => {
    start();
    const { channel } = await opened();
    const { revision } = (await channel.request('hello', null)).overview;
    await channel.request('edit', { revision, edit: { kind: 'delete', row: 0 } });
    vscode.files.set('/prefs.jsonl', new TextEncoder().encode(row('New?')));
    for (const changed of vscode.watchers) changed();
    const overview = async () => (await channel.request('hello', null)).overview;
    await expect.poll(async () => (await overview()).notice).toContain('Another program has changed prefs.jsonl');
    expect((await overview()).rows).toBe(2);
  });

  it('offers no edit where files cannot be written, says why, and saves under another name', async () => {
    start();
    vscode.isWritable = false;
    const { channel, document } = await opened();
    const { overview } = await channel.request('hello', null);
    expect(overview.readOnly).toEqual({
      reason: expect.stringContaining('takes no changes, so its rows are only shown'),
      reading: 'done',
    });
    const edit = channel.request('edit', { revision: overview.revision, edit: { kind: 'delete', row: 0 } });
    await expect(edit).rejects.toMatchObject({ code: 'read-only' });
    await expect(channel.request('command', { name: 'explainReadOnly' })).rejects.toThrow('Save As');
    await editor.saveCustomDocumentAs(document, new FakeUri('/copy.jsonl'));
    expect(new TextDecoder().decode(vscode.files.get('/copy.jsonl'))).toBe(content);
  });
});

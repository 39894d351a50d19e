import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runPaths } from '../../../src/run/folder';
import { changeNotes, noNotes, readNotes, setBaseline } from '../../../src/run/notes';
import { temporaryFolder } from './temporaryFolder';

async function runFolders(...names: readonly string[]): Promise<string[]> {
  const parent = await temporaryFolder();
  const folders = names.map((name) => join(parent, name));
  await Promise.all(folders.map((folder) => mkdir(folder)));
  return folders;
}

const pin = { step: 40, note: 'the margin jumps', at: '2026-11-23T15:42:00.000Z' };

describe('the notes of a run', () => {
  it('are empty without a file, and reading makes none', async () => {
    const folder = await temporaryFolder();
    expect(await readNotes(folder)).toEqual(noNotes);
    expect(await readdir(folder)).toEqual([]);
  });

  it('change field by field, and are read back', async () => {
    const folder = await temporaryFolder();
    await changeNotes(folder, () => ({ tags: ['sweep:beta'], note: 'first try' }));
    await changeNotes(folder, ({ pins }) => ({ pins: [...pins, pin] }));
    expect(await readNotes(folder)).toEqual({
      tags: ['sweep:beta'],
      note: 'first try',
      baseline: false,
      pins: [pin],
    });
    expect(await readdir(folder)).toEqual(['notes.json']);
  });

  it('keep keys that this Margin does not know', async () => {
    const folder = await temporaryFolder();
    await writeFile(runPaths.notes(folder), '{"version":1,"tags":["a"],"colour":"blue"}');
    await changeNotes(folder, () => ({ note: 'b' }));
    expect(JSON.parse(await readFile(runPaths.notes(folder), 'utf8'))).toEqual({
      version: 1,
      colour: 'blue',
      tags: ['a'],
      note: 'b',
      baseline: false,
      pins: [],
    });
  });

  it('lose none of many changes at once', async () => {
    const folder = await temporaryFolder();
    const names = Array.from({ length: 20 }, (_, i) => `tag-${i}`);
    await Promise.all(names.map((name) => changeNotes(folder, ({ tags }) => ({ tags: [...tags, name] }))));
    expect((await readNotes(folder)).tags).toEqual(names);
  });

  it('can be changed again after a change failed', async () => {
    const folder = await temporaryFolder();
    const failing = changeNotes(folder, () => {
      throw new Error('no');
    });
    const next = changeNotes(folder, () => ({ note: 'later' }));
    await expect(failing).rejects.toThrow('no');
    expect((await next).note).toBe('later');
  });

  it.each([
    ['{"version":1,"tags":"a"}', 'tags must be'],
    ['{"version":1,"note":1}', 'note must be'],
    ['{"version":1,"baseline":"yes"}', 'baseline must be'],
    ['{"version":1,"pins":[{"step":-1,"note":"","at":"2026-11-23T15:42:00.000Z"}]}', 'pins must be'],
    ['{"version":1,"pins":[{"step":1,"note":"","at":"soon"}]}', 'pins must be'],
    ['{"tags":[]}', 'version must be 1'],
    ['[', 'not a JSON object'],
  ])('that are damaged (%s) are refused and not overwritten', async (text, reason) => {
    const folder = await temporaryFolder();
    await writeFile(runPaths.notes(folder), text);
    const refusal = { code: 'corrupt', message: expect.stringContaining(reason) };
    await expect(readNotes(folder)).rejects.toMatchObject(refusal);
    await expect(changeNotes(folder, () => ({ note: 'x' }))).rejects.toMatchObject(refusal);
    expect(await readFile(runPaths.notes(folder), 'utf8')).toBe(text);
  });

  it('of a newer Margin are refused', async () => {
    const folder = await temporaryFolder();
    await writeFile(runPaths.notes(folder), '{"version":2}');
    await expect(readNotes(folder)).rejects.toMatchObject({ code: 'newer-version' });
  });

  it('cannot be written into a folder that is gone', async () => {
    const folder = await temporaryFolder();
    await rm(folder, { recursive: true });
    await expect(changeNotes(folder, () => ({ note: 'x' }))).rejects.toMatchObject({ code: 'missing' });
  });
});

describe('setBaseline', () => {
  it('leaves one baseline in a runs folder, and says which was', async () => {
    const [a = '', b = '', c = ''] = await runFolders('a', 'b', 'c');
    await changeNotes(a, () => ({ note: 'kept' }));
    expect(await setBaseline(a, true)).toEqual([]);
    expect(await setBaseline(b, true)).toEqual([a]);
    expect(await readNotes(a)).toEqual({ ...noNotes, note: 'kept' });
    expect((await readNotes(b)).baseline).toBe(true);
    expect(await readdir(c)).toEqual([]);
  });

  it('takes the baseline away', async () => {
    const [a = '', b = ''] = await runFolders('a', 'b');
    await setBaseline(a, true);
    await setBaseline(a, false);
    expect((await readNotes(a)).baseline).toBe(false);
    expect(await readdir(b)).toEqual([]);
  });

  it('is not stopped by damaged notes of another run', async () => {
    const [a = '', b = ''] = await runFolders('a', 'b');
    await writeFile(runPaths.notes(b), '{');
    await setBaseline(a, true);
    expect((await readNotes(a)).baseline).toBe(true);
  });
});

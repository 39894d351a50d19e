import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { at } from '../../../src/base/pure/must';
import { FilePresence, heartbeatMs } from '../../../src/jsonl/node/windows/filePresence';
import { temporaryFolder } from './temporaryFolder';

describe('windows that have a file open', () => {
  const root = temporaryFolder();
  let tests = 0;
  const folders = (): { readonly folder: string; readonly file: string } => {
    const folder = join(root, `windows${tests++}`);
    return { folder, file: join(root, 'prefs.jsonl') };
  };
  const open = async (folder: string, file: string): Promise<FilePresence> => {
    const presence = await FilePresence.open(folder, file);
    onTestFinished(() => presence.leave());
    return presence;
  };

  it('know each other, and who has unsaved edits', async () => {
    const { folder, file } = folders();
    writeFileSync(file, '');
    symlinkSync(file, `${folder}-link.jsonl`);
    const [one, two, other] = [
      await open(folder, file),
      await open(folder, `${folder}-link.jsonl`),
      await open(folder, join(root, 'other.jsonl')),
    ];
    one.say(false);
    other.say(true);
    expect([await one.others(), await two.others()]).toEqual([
      { open: 0, dirty: 0 },
      { open: 1, dirty: 0 },
    ]);
    two.say(false);
    two.say(true);
    expect(await one.others()).toEqual({ open: 1, dirty: 1 });
    await two.leave();
    two.say(true);
    expect(await one.others()).toEqual({ open: 0, dirty: 0 });
  });

  it('forget one that was killed, one of another machine that is silent, and one whose file is damaged', async () => {
    const { folder, file } = folders();
    const [one, two] = [await open(folder, file), await open(folder, file)];
    two.say(true);
    const path = join(folder, at(readdirSync(folder), 0));
    const hello = JSON.parse(readFileSync(path, 'utf8')) as object;
    const write = (part: object): void => writeFileSync(path, JSON.stringify({ ...hello, ...part }));
    expect((await one.others()).dirty).toBe(1);

    write({ machine: { host: 'elsewhere', boot: null, namespace: null } });
    expect((await one.others()).dirty).toBe(1);
    const long = (Date.now() - 5 * heartbeatMs) / 1000;
    utimesSync(path, long, long);
    expect((await one.others()).dirty).toBe(0);
    expect(readdirSync(folder)).toEqual([]);

    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    for (const part of [{ pid: child.pid }, { pid: 'no' }]) {
      write(part);
      expect((await one.others()).open).toBe(0);
      expect(readdirSync(folder)).toEqual([]);
    }
  });
});

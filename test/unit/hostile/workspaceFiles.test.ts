import { existsSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MarksFile } from '../../../src/jsonl/node/marks/marksFile';
import { markLine } from '../../../src/pairs/marks/markLines';
import { newMark } from '../../../src/pairs/marks/mark';
import { failureOf } from '../model/files';
import { temporaryFolder } from '../run/temporaryFolder';
import { hasFifos, makeFifo } from './fifo';

const mark = newMark('0123456789abcdef', 'ann');

async function marksPath(): Promise<string> {
  return join(await temporaryFolder(), 'prefs.marks.jsonl');
}

describe('a marks file beside the pairs of a stranger', () => {
  it.skipIf(!hasFifos)('that is a pipe is refused at once, for reading and for a mark', async () => {
    const path = await marksPath();
    makeFifo(path);
    expect(await failureOf(new MarksFile(path).read())).toMatchObject({ code: 'not-a-file' });
    expect(await failureOf(new MarksFile(path).mark(mark))).toMatchObject({ code: 'not-a-file' });
  });

  it.skipIf(!existsSync('/dev/zero'))('that leads to a device without end is refused', async () => {
    const path = await marksPath();
    symlinkSync('/dev/zero', path);
    expect(await failureOf(new MarksFile(path).read())).toMatchObject({ code: 'not-a-file' });
  });

  it.skipIf(process.platform === 'win32')('that leads to another file of the user gets no mark', async () => {
    const path = await marksPath();
    const profile = join(await temporaryFolder(), '.bashrc');
    writeFileSync(profile, 'alias ll=ls\n');
    symlinkSync(profile, path);
    const marks = new MarksFile(path);
    await marks.read();
    expect(marks.damaged).toHaveLength(1);
    expect(await failureOf(marks.mark(mark))).toMatchObject({
      code: 'not-a-file',
      message: expect.stringContaining('Delete the link'),
    });
    expect(readFileSync(profile, 'utf8')).toBe('alias ll=ls\n');
  });

  it('of gigabytes without a line end is not read to the end', async () => {
    const path = await marksPath();
    writeFileSync(path, `${markLine(mark)}\n`);
    truncateSync(path, 8 * 2 ** 30);
    expect(await failureOf(new MarksFile(path).read())).toMatchObject({
      code: 'corrupt',
      message: expect.stringContaining(`${path}:2 is longer than 256 MB`),
    });
  });
});

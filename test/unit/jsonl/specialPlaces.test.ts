import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { LinesDocument } from '../../../src/jsonl/node/document';
import { temporaryPath, completeName } from '../../../src/base/node/temporaryFile';
import { temporaryFolder } from './temporaryFolder';

const folder = temporaryFolder();
const file = path.join(folder, 'rows.jsonl');
const program = path.join(folder, 'saver.mjs');
const isRoot = process.getuid?.() === 0;
const isLinux = process.platform === 'linux';
const canMount = isLinux && spawnSync('unshare', ['-m', 'true']).status === 0;
const python =
  spawnSync('python3', ['-c', `import os; os.setxattr(${JSON.stringify(folder)}, "user.margin", b"x")`]).status === 0;

async function edited(name: string): Promise<LinesDocument> {
  const document = await LinesDocument.open(name);
  await document.whenIndexed();
  document.applyEdit({ op: 'replace', row: 0, line: 'mine', previous: 'a' });
  return document;
}

async function saveEdited(name: string): Promise<void> {
  const document = await edited(name);
  await document.save();
  expect(await document.lines(0, 9)).toEqual(['mine', 'b']);
  expect(await document.follow()).toBe('same');
  await document.close();
}

/** Names of files that a save leaves in its folder or in the folder for temporary files. */
function left(): string[] {
  return [...readdirSync(folder, { recursive: true, encoding: 'utf8' }), ...readdirSync(tmpdir())].filter((name) =>
    /\.margin-(tmp|save)$/.test(name),
  );
}

beforeAll(async () => {
  const contents = `
    import { LinesDocument } from '${path.resolve('src/jsonl/node/document.ts')}';
    const document = await LinesDocument.open(process.argv[2]);
    await document.whenIndexed();
    document.applyEdit({ op: 'replace', row: 0, line: 'mine', previous: 'a' });
    await document.save().then(() => process.stdout.write('saved'), (error) => process.stdout.write(error.code + ' ' + error.message));
    await document.close();`;
  await build({
    stdin: { contents, resolveDir: '.' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: program,
    logLevel: 'error',
  });
  chmodSync(folder, 0o755);
});

describe.skipIf(process.platform === 'win32')('a save', () => {
  it.skipIf(!isRoot)('keeps owner and group (needs root to give a file away)', async () => {
    writeFileSync(file, 'a\nb\n');
    chownSync(file, 1234, 2345);
    chmodSync(file, 0o2640);
    await saveEdited(file);
    const { uid, gid, mode } = statSync(file);
    expect([uid, gid, mode & 0o7777, readFileSync(file, 'utf8')]).toEqual([1234, 2345, 0o2640, 'mine\nb\n']);
  });

  it.skipIf(!isRoot)(
    'writes in place if the new file could not have the old owner (needs root to become another)',
    () => {
      const shared = path.join(folder, 'shared');
      const inside = path.join(shared, 'rows.jsonl');
      mkdirSync(shared);
      chmodSync(shared, 0o777);
      writeFileSync(inside, 'a\nb\n');
      chmodSync(inside, 0o666);
      const before = statSync(inside);
      const { stdout } = spawnSync(process.execPath, [program, inside], { encoding: 'utf8', uid: 65534, gid: 65534 });
      const { ino, uid } = statSync(inside);
      expect([stdout, readFileSync(inside, 'utf8'), ino, uid, left()]).toEqual([
        'saved',
        'mine\nb\n',
        before.ino,
        before.uid,
        [],
      ]);
    },
  );

  it.skipIf(!isRoot)('writes in place if the folder accepts no new file (needs root to become another)', () => {
    const locked = path.join(folder, 'locked');
    const inside = path.join(locked, 'rows.jsonl');
    mkdirSync(locked);
    writeFileSync(inside, 'a\nb\n');
    chmodSync(inside, 0o666);
    chmodSync(locked, 0o555);
    const { stdout } = spawnSync(process.execPath, [program, inside], { encoding: 'utf8', uid: 65534, gid: 65534 });
    expect([stdout, readFileSync(inside, 'utf8'), left()]).toEqual(['saved', 'mine\nb\n', []]);
  });

  it.skipIf(!isLinux || !python)('keeps extended attributes (needs a disk that has them)', async () => {
    writeFileSync(file, 'a\nb\n');
    const name = JSON.stringify(file);
    execFileSync('python3', ['-c', `import os; os.setxattr(${name}, "user.margin", b"kept")`]);
    await saveEdited(file);
    const value = execFileSync('python3', ['-c', `import os; print(os.getxattr(${name}, "user.margin").decode())`], {
      encoding: 'utf8',
    });
    expect(value).toBe('kept\n');
  });

  it('keeps hard links, and leaves no temporary file', async () => {
    writeFileSync(file, 'a\nb\n');
    const other = path.join(folder, 'linked.jsonl');
    linkSync(file, other);
    await saveEdited(file);
    expect([readFileSync(other, 'utf8'), statSync(other).ino, left()]).toEqual(['mine\nb\n', statSync(file).ino, []]);
    rmSync(other);
  });

  it('shortens and lengthens a file in place', async () => {
    const other = path.join(folder, 'linked.jsonl');
    writeFileSync(file, 'a\nb\n'.repeat(50_000));
    linkSync(file, other);
    const document = await edited(file);
    const long = 'x'.repeat(300_000);
    document.applyEdit({ op: 'insert', row: 1, lines: [long] });
    await document.save();
    expect(readFileSync(other, 'utf8') === `mine\n${long}\nb\n${'a\nb\n'.repeat(49_999)}`).toBe(true);
    document.applyEdit({ op: 'delete', row: 1, lines: await document.lines(1, document.rowCount) });
    await document.save();
    await document.close();
    expect(readFileSync(other, 'utf8')).toBe('mine\n');
    rmSync(other);
  });

  it('follows a broken symbolic link and creates the file to which it points', async () => {
    const real = path.join(folder, 'real');
    mkdirSync(real);
    const first = path.join(folder, 'first.jsonl');
    symlinkSync('second.jsonl', first);
    symlinkSync('real/third.jsonl', path.join(folder, 'second.jsonl'));
    writeFileSync(file, 'a\nb\n');
    const document = await edited(file);
    await document.saveAs(first);
    await document.close();
    expect([lstatSync(first).isSymbolicLink(), readFileSync(path.join(real, 'third.jsonl'), 'utf8')]).toEqual([
      true,
      'mine\nb\n',
    ]);
  });

  it('reports a circle of symbolic links', async () => {
    const first = path.join(folder, 'circle.jsonl');
    symlinkSync('circle.jsonl', first);
    writeFileSync(file, 'a\nb\n');
    const document = await edited(file);
    await expect(document.saveAs(first)).rejects.toMatchObject({ message: expect.stringContaining('in a circle') });
    await document.close();
  });

  it('saves under another name of the same file', async () => {
    const other = path.join(folder, 'alias.jsonl');
    writeFileSync(file, 'a\nb\n');
    symlinkSync(file, other);
    const document = await edited(file);
    await document.saveAs(other);
    expect([readFileSync(file, 'utf8'), document.isDirty, lstatSync(other).isSymbolicLink()]).toEqual([
      'mine\nb\n',
      false,
      true,
    ]);
    await document.close();
  });

  it.skipIf(!canMount)('writes in place a file that is a mount point (needs to mount)', () => {
    const mounted = path.join(folder, 'mounted.jsonl');
    writeFileSync(file, 'a\nb\n');
    writeFileSync(mounted, '');
    const command = `mount --bind "$1" "$2" && exec "$3" "$4" "$2"`;
    const { stdout } = spawnSync(
      'unshare',
      ['-m', 'bash', '-c', command, 'bash', file, mounted, process.execPath, program],
      { encoding: 'utf8' },
    );
    expect([stdout, readFileSync(file, 'utf8'), left()]).toEqual(['saved', 'mine\nb\n', []]);
  });

  it.each([230, 255])('saves a file whose name has %i bytes', async (length) => {
    const long = path.join(folder, `${'é'.repeat(Math.floor((length - 6) / 2))}${length % 2 ? 'x' : ''}.jsonl`);
    expect(Buffer.byteLength(path.basename(long))).toBe(length);
    writeFileSync(long, 'a\nb\n');
    await saveEdited(long);
    expect(readFileSync(long, 'utf8')).toBe('mine\nb\n');
  });

  it('refuses to replace what is not a regular file', async () => {
    const pipe = path.join(folder, 'pipe.jsonl');
    execFileSync('mkfifo', [pipe]);
    writeFileSync(file, 'a\nb\n');
    const document = await edited(file);
    await expect(document.saveAs(pipe)).rejects.toMatchObject({ code: 'not-a-file' });
    await expect(document.saveAs(folder)).rejects.toMatchObject({ code: 'not-a-file' });
    await document.close();
    await expect(LinesDocument.open(pipe)).rejects.toMatchObject({ code: 'not-a-file' });
    await expect(LinesDocument.open('/dev/zero')).rejects.toMatchObject({ code: 'not-a-file' });
    expect(lstatSync(pipe).isFIFO()).toBe(true);
  });

  it('keeps and names the complete file of a process that was killed while it overwrote in place', async () => {
    writeFileSync(file, 'torn');
    const ended = spawnSync(process.execPath, ['-e', '']).pid;
    const whole = completeName(temporaryPath(file)).replace(`-${process.pid}-`, `-${ended}-`);
    writeFileSync(whole, 'a\nb\n');
    const document = await LinesDocument.open(file);
    expect(document.interrupted).toEqual([whole]);
    await document.close();
    expect(existsSync(whole)).toBe(true);
    rmSync(whole);
  });

  it.skipIf(!isLinux || !existsSync('/dev/full'))('leaves a file unchanged if it cannot grow in place', () => {
    const other = path.join(folder, 'linked.jsonl');
    const content = `a\nb\n${'c\n'.repeat(600_000)}`;
    writeFileSync(file, content);
    linkSync(file, other);
    const command = `trap '' XFSZ; ulimit -f 1000; exec "$@"`;
    const { stdout } = spawnSync('bash', ['-c', command, 'bash', process.execPath, program, file], {
      encoding: 'utf8',
    });
    expect(stdout).toMatch(/^disk-full /);
    expect([readFileSync(file, 'utf8') === content, left()]).toEqual([true, []]);
    rmSync(other);
  });

  it.skipIf(!canMount)('leaves a file unchanged on a disk without space, and nothing else (needs to mount)', () => {
    const disk = path.join(folder, 'disk');
    mkdirSync(disk);
    const content = `a\nb\n${'c\n'.repeat(300_000)}`;
    writeFileSync(file, content);
    // A disk of 1 MB has no space for a second file of 600 KB.
    const command =
      'mount -t tmpfs -o size=1m tmpfs "$2" && cp "$1" "$2/rows.jsonl" && "$3" "$4" "$2/rows.jsonl"; ' +
      'cmp "$1" "$2/rows.jsonl" && ls -A "$2"';
    const { stdout } = spawnSync(
      'unshare',
      ['-m', 'bash', '-c', command, 'bash', file, disk, process.execPath, program],
      { encoding: 'utf8' },
    );
    expect(stdout).toMatch(/^disk-full .*: the disk is full; free some space.*rows\.jsonl\n$/s);
  });
});

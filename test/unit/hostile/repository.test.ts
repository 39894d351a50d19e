import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keepCopy } from '../../../src/jsonl/node/keepCopy';
import { headOf, lastCommitOf } from '../../../src/jsonl/node/git/committedCopy';
import { temporaryFolder } from '../run/temporaryFolder';

const hasGit = spawnSync('git', ['--version']).status === 0;

/** Says that it has run, and signs like gpg, so that the commit has a signature that git would check. */
const program = (mark: string): string => `#!/bin/sh
echo ran > '${mark}'
cat > /dev/null
echo '[GNUPG:] SIG_CREATED ' >&2
printf -- '-----BEGIN PGP SIGNATURE-----\\n\\nabc\\n-----END PGP SIGNATURE-----\\n'
`;

/** A repository whose settings name programs that write `ran`. So do files in it that are named like git. */
async function repository(): Promise<{ readonly file: string; readonly ran: () => boolean }> {
  const folder = await temporaryFolder();
  const [file, evil, mark] = [join(folder, 'prefs.jsonl'), join(folder, 'evil'), join(folder, 'ran')];
  const git = (...argv: string[]): Buffer => execFileSync('git', ['-C', folder, ...argv], { stdio: 'pipe' });
  writeFileSync(file, '{"prompt": "Q", "chosen": "a", "rejected": "b"}\n');
  git('init', '-q');
  git('add', '.');
  for (const name of [evil, join(folder, 'git'), join(folder, 'git.exe')]) {
    writeFileSync(name, program(mark));
    chmodSync(name, 0o755);
  }
  git('config', 'gpg.program', evil);
  git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-q', '-S', '-m', 'one');
  expect(existsSync(mark)).toBe(true);
  rmSync(mark);
  git('config', 'log.showSignature', 'true');
  git('config', 'core.fsmonitor', evil);
  git('config', 'core.pager', evil);
  return { file, ran: () => existsSync(mark) };
}

describe.skipIf(!hasGit || process.platform === 'win32')(
  'a repository whose settings name programs (skipped without git, and on Windows)',
  () => {
    it('runs none of them to say when a file was committed', async () => {
      const { file, ran } = await repository();
      expect((await headOf(file, { program: 'git' })).hash).toMatch(/^[0-9a-f]{7,}$/);
      expect((await lastCommitOf(file, { program: 'git' }))?.time).toBeGreaterThan(0);
      expect(ran()).toBe(false);
    });

    it('runs none of them to copy a file before many changes', async () => {
      const { file, ran } = await repository();
      expect(await keepCopy(file, 'before-fix', true)).toBeNull();
      expect(await keepCopy(file, 'before-fix', false)).toContain('prefs.before-fix.jsonl');
      expect(ran()).toBe(false);
    });
  },
);

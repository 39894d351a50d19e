import { execFileSync } from 'node:child_process';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { headFiles } from '../../../../src/jsonl/node/git/headFiles';
import { temporaryFolder } from '../temporaryFolder';

const folder = temporaryFolder();

function git(cwd: string, ...argv: readonly string[]): void {
  execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@example.org', ...argv], { cwd });
}

/** The size and time of each file that exists. */
async function looks(file: string): Promise<readonly string[]> {
  const files = await headFiles(file, { program: 'git' });
  const stats = files.map((one) => statSync(one, { bigint: true, throwIfNoEntry: false }));
  return stats.flatMap((stat) => (stat === undefined ? [] : [`${stat.size} ${stat.mtimeNs} ${stat.ino}`]));
}

describe('the files that git writes when HEAD moves', () => {
  it.each([
    ['a repository', 'plain', []],
    ['one without a log of its moves', 'unlogged', ['-c', 'core.logAllRefUpdates=false']],
  ])('change with a commit and a checkout, in %s', async (_, name, config) => {
    const repository = join(folder, name);
    const file = join(repository, 'data', 'a.jsonl');
    mkdirSync(join(repository, 'data'), { recursive: true });
    git(repository, 'init', '-q');
    const commit = (text: string): void => {
      writeFileSync(file, text);
      git(repository, 'add', '.');
      git(repository, ...config, 'commit', '-qm', text);
    };
    commit('one');
    const first = await looks(file);
    expect(first).not.toEqual([]);
    commit('two');
    const second = await looks(file);
    expect(second).not.toEqual(first);
    git(repository, ...config, 'checkout', '-q', 'HEAD~');
    expect(await looks(file)).not.toEqual(second);
  });

  it('are those of the worktree that has the file', async () => {
    const main = join(folder, 'main');
    mkdirSync(main);
    git(main, 'init', '-q');
    writeFileSync(join(main, 'a.jsonl'), '{}');
    git(main, 'add', '.');
    git(main, 'commit', '-qm', 'one');
    git(main, 'worktree', 'add', '-q', '../other');
    const file = join(folder, 'other', 'a.jsonl');
    const before = await looks(file);
    git(join(folder, 'other'), 'commit', '-q', '--allow-empty', '-m', 'two');
    expect(await looks(file)).not.toEqual(before);
  });
});

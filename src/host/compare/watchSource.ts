import * as vscode from 'vscode';
import { headOf } from '../../jsonl/node/git/committedCopy';
import { headFiles } from '../../jsonl/node/git/headFiles';
import { watchFile } from '../pairEditor/watchFile';
import { gitProgram } from './gitProgram';

/** Git writes several files for a commit, and a rebase makes many commits: the last of them counts. */
const settleMs = 300;

/**
 * Calls `changed` when HEAD is another commit than a known one.
 *
 * @param file a file in the repository
 * @param hash the short hash of the commit that is known
 * @param failed called with errors of `runGit`
 */
export function watchHead(
  file: string,
  hash: string,
  changed: () => void,
  failed: (error: unknown) => void,
): vscode.Disposable {
  const git = { program: gitProgram() };
  const parts: vscode.Disposable[] = [];
  let isOver = false;
  const look = (): void => {
    headOf(file, git).then((commit) => isOver || commit.hash === hash || changed(), failed);
  };
  const settled = new Settled(look);
  const watch = (files: readonly string[]): void => {
    if (isOver) return;
    parts.push(...files.map((one) => watchFile(vscode.Uri.file(one), settled.soon)));
    // HEAD may have moved before the files were watched.
    settled.soon();
  };
  headFiles(file, git).then(watch, failed);
  return new vscode.Disposable(() => {
    isOver = true;
    for (const part of [settled, ...parts]) part.dispose();
  });
}

/** Calls `changed` when another program has written a file, or a save from here. */
export function watchOther(uri: vscode.Uri, changed: () => void): vscode.Disposable {
  const settled = new Settled(changed);
  return vscode.Disposable.from(settled, watchFile(uri, settled.soon));
}

/** Calls a function once after several events. */
class Settled implements vscode.Disposable {
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly call: () => void) {}

  readonly soon = (): void => {
    this.dispose();
    this.timer = setTimeout(this.call, settleMs);
  };

  dispose(): void {
    if (this.timer) clearTimeout(this.timer);
  }
}

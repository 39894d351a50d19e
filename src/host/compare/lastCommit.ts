import type * as vscode from 'vscode';
import { lastCommitOf } from '../../jsonl/node/git/committedCopy';
import { requireTrustInGit } from './comparedSource';
import { gitProgram } from './gitProgram';

/** When a file was last committed. */
export class LastCommit {
  private known: number | null = null;

  constructor(private readonly uri: vscode.Uri) {}

  /** Milliseconds since 1970, as of the last {@link read}; null if it was not read. */
  get time(): number | null {
    return this.known;
  }

  /**
   * Asks git. Of a file that was never committed, everything is newer than its last commit.
   *
   * @throws MarginError as `runGit`; `untrusted`
   */
  async read(): Promise<void> {
    requireTrustInGit();
    const commit = await lastCommitOf(this.uri.fsPath, { program: gitProgram() });
    this.known = commit === null ? 0 : commit.time;
  }
}

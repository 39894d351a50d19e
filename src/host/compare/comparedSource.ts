import * as vscode from 'vscode';
import { MarginError } from '../../base/pure/marginError';
import { committedCopy } from '../../jsonl/node/git/committedCopy';
import { PairDocument } from '../pairEditor/pairDocument';
import type { PairViewServices } from '../pairEditor/pairViewServices';
import { gitProgram } from './gitProgram';
import { watchHead, watchOther } from './watchSource';

/** What a file is compared with: itself in the last commit, or another file. */
export type Opponent = { readonly kind: 'head' } | { readonly kind: 'file'; readonly uri: vscode.Uri };

/** The rows that a file is compared with. */
export interface ComparedSource {
  /** As the person knows it. */
  readonly name: string;
  readonly document: PairDocument;
  close(): void;
}

/**
 * Opens the rows to compare a document with.
 *
 * @param changed called when these rows are no longer those of the last commit, or of the other file
 * @throws MarginError as `committedCopy` and `PairDocument.open`; `untrusted`; `not-json-lines`
 */
export async function openSource(
  { uri, reading }: PairDocument,
  opponent: Opponent,
  services: PairViewServices,
  signal: AbortSignal,
  changed: () => void,
): Promise<ComparedSource> {
  if (opponent.kind === 'file') {
    const watch = watchOther(opponent.uri, changed);
    const document = await opened(opponent.uri, services, () => watch.dispose());
    document.reading = services.readings.of(opponent.uri);
    document.onDidDispose(() => watch.dispose());
    return { name: vscode.workspace.asRelativePath(opponent.uri), document, close: () => document.dispose() };
  }
  requireTrustInGit();
  const copy = await committedCopy(uri.fsPath, { program: gitProgram(), signal });
  const { hash } = copy.commit;
  const watch = watchHead(uri.fsPath, hash, changed, services.notices.error);
  const remove = (): void => {
    watch.dispose();
    // A copy that cannot be removed stays in the folder for temporary files.
    copy.remove().catch(() => undefined);
  };
  const document = await opened(vscode.Uri.file(copy.file), services, remove);
  document.reading = { ...reading };
  document.onDidDispose(remove);
  return { name: `HEAD (${hash})`, document, close: () => document.dispose() };
}

async function opened(uri: vscode.Uri, services: PairViewServices, failed: () => void): Promise<PairDocument> {
  try {
    const document = await PairDocument.open(uri, undefined, services, () => undefined);
    if (document.otherKind === null) return document;
    document.dispose();
    throw new MarginError('not-json-lines', document.otherKind);
  } catch (error) {
    failed();
    throw error;
  }
}

/** Filters of a repository's config may run programs. */
export function requireTrustInGit(): void {
  if (vscode.workspace.isTrusted) return;
  const message = 'The last commit is read with git and the config of this folder, which needs a trusted workspace.';
  throw new MarginError('untrusted', message);
}

import { commitIter, createRepo } from '@huggingface/hub';
import { pathToFileURL } from 'node:url';
import { errorCode, MarginError } from '../base/pure/marginError';
import type { HubClient } from './hubClient';
import { commitOf, filesAt } from './hubFiles';
import { repoPath } from './repo';

/** A file of this disk, and its place in the repository. */
export interface PushedFile {
  readonly path: string;
  readonly source: string;
  readonly bytes: number;
}

export interface PushPlan {
  readonly files: readonly PushedFile[];
  /** The subject of the commit. */
  readonly title: string;
  /** Of a new repository; one that exists keeps its own. */
  readonly visibility: 'private' | 'public';
}

/** What a push finds at the Hub. */
export interface PushTarget {
  /** Null: the repository is made. */
  readonly commit: string | null;
  /** Paths of the plan that the repository has already. */
  readonly replaced: readonly string[];
}

export interface Pushed {
  /** The page of the commit. */
  readonly url: string;
  readonly commit: string;
}

/** The share of a file that is done. */
export type PushListener = (file: string, doing: 'hashing' | 'uploading', share: number) => void;

/**
 * Looks whether the repository exists, and which files a push would replace. It changes nothing.
 *
 * @throws MarginError `hub-login` without a token; those of {@link HubClient.fetch}
 */
export async function lookAtTarget(client: HubClient, { files }: PushPlan): Promise<PushTarget> {
  const { token, endpoint } = client.settings;
  if (token === null)
    throw new MarginError(
      'hub-login',
      `A push needs a token that may write. Make one at ${endpoint}/settings/tokens and give it as HF_TOKEN or with hf auth login.`,
    );
  const commit = await commitOf(client, 'main').catch((error: unknown) => {
    if (errorCode(error) === 'hub-missing') return null;
    throw error;
  });
  const there = new Set(commit === null ? [] : (await filesAt(client, commit)).map(({ path }) => path));
  return { commit, replaced: files.map(({ path }) => path).filter((path) => there.has(path)) };
}

/**
 * Makes the repository if it is new, and commits the files. Other files in it stay. If somebody has committed since
 * {@link lookAtTarget}, nothing changes.
 *
 * @throws MarginError `hub-answer`, and those of {@link HubClient.fetch}
 */
export async function push(
  client: HubClient,
  plan: PushPlan,
  { commit: parentCommit }: PushTarget,
  onProgress: PushListener,
): Promise<Pushed> {
  const repo = { type: client.repo.kind, name: client.repo.name };
  const { accessToken, ...access } = client.access;
  if (accessToken === undefined) throw new MarginError('hub-login', 'A push needs a token that may write.');
  if (parentCommit === null) await createRepo({ repo, visibility: plan.visibility, accessToken, ...access });
  const steps = commitIter({
    repo,
    title: plan.title,
    accessToken,
    ...access,
    abortSignal: client.signal,
    // Files of LFS go by plain upload: the Hub takes it, and it needs no chunk store beside it.
    useXet: false,
    ...(parentCommit === null ? {} : { parentCommit }),
    operations: plan.files.map(({ path, source }) => ({
      operation: 'addOrUpdate' as const,
      path,
      content: pathToFileURL(source),
    })),
  });
  for (;;) {
    const step = await steps.next();
    if (step.done === true) {
      if (step.value) return { url: step.value.commit.url, commit: step.value.commit.oid };
      throw new MarginError('hub-answer', `${access.hubUrl} names no commit for ${repoPath(client.repo)}.`);
    }
    if (step.value.event === 'fileProgress' && step.value.state !== 'error')
      onProgress(step.value.path, step.value.state, step.value.progress);
  }
}

import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { goodToken, type HubRepo, lfsBytes, refusal, repoOf, sendJson, tokenOf } from './hubAnswers';

/** A commit that somebody pushed. */
export interface Pushed {
  readonly repo: string;
  readonly summary: string;
  readonly paths: readonly string[];
}

/** The part of the stand-in that takes repositories, files of LFS and commits. */
export class HubPushes {
  readonly commits: Pushed[] = [];
  /** What repositories were created with. */
  readonly created: Readonly<Record<string, unknown>>[] = [];
  private readonly stored = new Map<string, Buffer>();

  constructor(
    private readonly repos: Map<string, HubRepo>,
    private readonly origins: () => readonly [endpoint: string, storage: string],
  ) {}

  /** @returns whether the request was one of a push */
  async serve(request: IncomingMessage, response: ServerResponse, pathname: string): Promise<boolean> {
    if (request.method !== 'POST') return false;
    const body = await buffer(request);
    if (tokenOf(request) !== goodToken)
      return refusal(response, tokenOf(request) === null ? 401 : 403, null, 'You need the right to write.');
    if (pathname === '/api/repos/create') return this.create(response, body);
    const [, kind, name, what] =
      /^\/api\/(models|datasets)\/([^/]+\/[^/]+)\/(preupload|commit)\/main$/.exec(pathname) ?? [];
    if (what === 'preupload') return preupload(response, body);
    if (what === 'commit') return this.commit(response, `${kind}/${name}`, body);
    if (pathname.endsWith('.git/info/lfs/objects/batch')) return this.batch(response, body);
    return refusal(response, 404, null, 'Not found');
  }

  /** A file of LFS comes to the storage host. */
  async store(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const content = await buffer(request);
    const oid = createHash('sha256').update(content).digest('hex');
    if (request.url !== `/lfs/${oid}`) return void refusal(response, 400, null, 'Wrong checksum');
    this.stored.set(oid, content);
    response.writeHead(200).end();
  }

  private create(response: ServerResponse, body: Buffer): true {
    const asked = JSON.parse(body.toString()) as Readonly<Record<string, string>>;
    const name = `${asked['type']}s/${asked['organization']}/${asked['name']}`;
    if (this.repos.has(name)) return refusal(response, 409, null, 'You already created this repository');
    this.created.push(asked);
    this.repos.set(name, repoOf({ '.gitattributes': '*.safetensors filter=lfs' }));
    sendJson(response, { url: `${this.origins()[0]}/${name.replace(/^models\//, '')}`, id: '1' });
    return true;
  }

  private batch(response: ServerResponse, body: Buffer): true {
    const { objects } = JSON.parse(body.toString()) as { objects: { oid: string; size: number }[] };
    const answered = objects.map(({ oid, size }) => ({
      oid,
      size,
      ...(this.stored.has(oid) ? {} : { actions: { upload: { href: `${this.origins()[1]}/lfs/${oid}` } } }),
    }));
    sendJson(response, { transfer: 'basic', objects: answered });
    return true;
  }

  private commit(response: ServerResponse, repo: string, body: Buffer): true {
    const lines = body
      .toString()
      .split('\n')
      .map((line) => JSON.parse(line) as { key: string; value: Readonly<Record<string, string>> });
    const before = this.repos.get(repo);
    if (!before) return refusal(response, 404, 'RepoNotFound', 'Repository not found');
    const files = { ...before.files };
    const paths: string[] = [];
    for (const { key, value } of lines) {
      const path = String(value['path']);
      if (key !== 'header') paths.push(path);
      if (key === 'file') files[path] = Buffer.from(String(value['content']), 'base64');
      if (key === 'lfsFile') files[path] = this.stored.get(String(value['oid'])) ?? Buffer.from('never uploaded');
    }
    this.repos.set(repo, repoOf(files));
    this.commits.push({ repo, summary: String(lines[0]?.value['summary']), paths });
    const url = `${this.origins()[0]}/${repo.replace(/^models\//, '')}/commit/1`;
    sendJson(response, { commitOid: '1'.repeat(40), commitUrl: url, hookOutput: '' });
    return true;
  }
}

function preupload(response: ServerResponse, body: Buffer): true {
  const { files } = JSON.parse(body.toString()) as { files: { path: string; size: number }[] };
  const modes = files.map(({ path, size }) => ({ path, uploadMode: size < lfsBytes ? 'regular' : 'lfs' }));
  sendJson(response, { files: modes });
  return true;
}

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HubPushes } from './hubPushes';
import {
  admittedToken,
  commitOf,
  goodToken,
  type HubRepo,
  lfsBytes,
  refusal,
  repoOf,
  sendJson,
  tokenOf,
  treeOf,
} from './hubAnswers';

/** What the server does wrong, and how often it still does so. */
export interface Faults {
  /** Requests of a path that it answers with 429 first. */
  busy: number;
  /** Seconds that it asks to wait then. */
  retryAfter: number;
  /** Bytes after which a download breaks off; a download is one of a file of LFS. */
  breakAfter: number;
  breaks: number;
  /** Bytes after which a longer download stands still; 0: none does. */
  holdAfter: number;
  /** Whether the bytes of LFS files are other than their checksum says. */
  damaged: boolean;
  /** Whether it ignores `Range`. */
  noRanges: boolean;
}

/**
 * Speaks the Hub's API as far as Margin uses it: information about a repository, its tree, files with ranges and
 * redirects to a storage host of another origin, and pushes. Sources: the Hub's OpenAPI description, and what
 * huggingface_hub and @huggingface/hub send.
 */
export class HubServer {
  readonly repos = new Map<string, HubRepo>();
  /** Method and address of each request, and whether it had a token. */
  readonly requests: { readonly line: string; readonly token: string | null; readonly range: string | null }[] = [];
  readonly faults: Faults = {
    busy: 0,
    retryAfter: 0,
    breakAfter: 0,
    breaks: 0,
    holdAfter: 0,
    damaged: false,
    noRanges: false,
  };
  readonly pushes = new HubPushes(this.repos, () => [this.endpoint, this.storage]);
  endpoint = '';
  storage = '';
  private readonly servers: Server[] = [];

  async start(): Promise<void> {
    this.storage = await this.listen((request, response) => this.serveStorage(request, response));
    this.endpoint = await this.listen((request, response) => this.serveHub(request, response));
  }

  async stop(): Promise<void> {
    for (const server of this.servers) {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    }
  }

  /** @param name `models/org/name` or `datasets/org/name@refs/convert/parquet`; without a branch it is `main` */
  add(name: string, files: Readonly<Record<string, Buffer | string>>, more: Omit<HubRepo, 'files'> = {}): void {
    this.repos.set(name, repoOf(files, more));
  }

  private async listen(serve: (request: IncomingMessage, response: ServerResponse) => Promise<void>): Promise<string> {
    const server = createServer((request, response) => {
      const { authorization, range } = request.headers;
      const token = authorization?.replace('Bearer ', '') ?? null;
      this.requests.push({ line: `${request.method} ${request.url}`, token, range: range ?? null });
      serve(request, response).catch(() => response.destroy());
    });
    this.servers.push(server);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  private async serveHub(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.faults.busy > 0) {
      this.faults.busy--;
      response.writeHead(429, { 'retry-after': String(this.faults.retryAfter) }).end('slow down');
      return;
    }
    const { pathname } = new URL(request.url ?? '/', this.endpoint);
    if (await this.pushes.serve(request, response, pathname)) return;
    const [, kind = '', name = '', what = '', rest = ''] =
      /^\/api\/(models|datasets)\/([^/]+\/[^/]+)(?:\/(revision|tree)\/([^/]+))?$/.exec(pathname) ?? [];
    if (kind !== '') {
      this.serveApi(request, response, { repo: `${kind}/${name}`, what, revision: decodeURIComponent(rest) });
      return;
    }
    const [, dataset, id = '', commit = '', path = ''] =
      /^\/(datasets\/)?([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/.exec(pathname) ?? [];
    this.serveFile(request, response, {
      repo: `${dataset ? 'datasets' : 'models'}/${id}`,
      commit,
      path: decodeURIComponent(path),
    });
  }

  private serveApi(
    request: IncomingMessage,
    response: ServerResponse,
    { repo, what, revision }: { repo: string; what: string; revision: string },
  ): void {
    const found = this.find(repo, revision === '' || revision === 'HEAD' ? 'main' : revision);
    if (this.refuse(request, response, repo, found)) return;
    if (found === null) return;
    if (what === 'tree') sendJson(response, treeOf(found.repo.files));
    else sendJson(response, { _id: '1', id: repo.replace(/^[^/]+\//, ''), sha: found.commit, private: false });
  }

  private serveFile(
    request: IncomingMessage,
    response: ServerResponse,
    { repo, commit, path }: { repo: string; commit: string; path: string },
  ): void {
    const found = this.find(repo, commit);
    const isGated = found?.repo.gated === true && tokenOf(request) !== admittedToken;
    if (isGated || found === null) {
      this.refuse(request, response, repo, isGated ? found : null, true);
      return;
    }
    const content = found.repo.files[path];
    if (content === undefined) refusal(response, 404, 'EntryNotFound', 'Entry not found');
    else if (content.length < lfsBytes) this.sendBytes(request, response, content);
    else response.writeHead(302, { location: `${this.storage}/${repo}/${commit}/${path}?signature=secret` }).end();
  }

  /** Large files come from another origin, to which no token may go. */
  private async serveStorage(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'PUT') return this.pushes.store(request, response);
    const [, kind, org, name, commit = '', ...path] = decodeURIComponent(request.url ?? '')
      .replace(/\?.*/, '')
      .split('/');
    const content = this.find(`${kind}/${org}/${name}`, commit)?.repo.files[path.join('/')] ?? Buffer.alloc(0);
    const sent = this.faults.damaged ? Buffer.from(content.map((byte) => byte ^ 1)) : content;
    this.sendBytes(request, response, sent);
  }

  private sendBytes(request: IncomingMessage, response: ServerResponse, content: Buffer): void {
    const range = /^bytes=(\d+)-/.exec(request.headers.range ?? '');
    const start = range && !this.faults.noRanges ? Number(range[1]) : 0;
    const part = content.subarray(start);
    const headers = { 'content-length': part.length, 'accept-ranges': 'bytes' };
    if (start > 0)
      response.writeHead(206, {
        ...headers,
        'content-range': `bytes ${start}-${content.length - 1}/${content.length}`,
      });
    else response.writeHead(200, headers);
    const { breakAfter, breaks, holdAfter } = this.faults;
    if (holdAfter > 0 && part.length > holdAfter) {
      response.write(part.subarray(0, holdAfter));
      return;
    }
    if (breaks === 0 || content.length < lfsBytes) {
      response.end(part);
      return;
    }
    this.faults.breaks--;
    response.write(part.subarray(0, breakAfter), () => response.destroy());
  }

  private find(repo: string, revision: string): { repo: HubRepo; commit: string } | null {
    for (const [name, one] of this.repos) {
      const [base, branch = 'main'] = name.split('@');
      const commit = commitOf(name, one.files);
      if (base === repo && (revision === branch || revision === commit)) return { repo: one, commit };
    }
    return null;
  }

  /** Answers as the Hub does for a repository that the token may not see. @returns whether it did */
  private refuse(
    request: IncomingMessage,
    response: ServerResponse,
    name: string,
    found: { repo: HubRepo } | null,
    isFile = false,
  ): boolean {
    const token = tokenOf(request);
    if (token !== null && token !== goodToken && token !== admittedToken)
      return refusal(response, 401, null, 'Invalid credentials in Authorization header');
    const isKnown = [...this.repos.keys()].some((one) => one.split('@')[0] === name);
    const isHidden = !isKnown || (found?.repo.private === true && token === null);
    if (isHidden) return refusal(response, token === null ? 401 : 404, 'RepoNotFound', 'Repository not found');
    if (found === null) return refusal(response, 404, 'RevisionNotFound', 'Invalid rev id');
    if (!isFile) return false;
    return refusal(response, token === null ? 401 : 403, 'GatedRepo', `Access to model ${name} is restricted.`);
  }
}

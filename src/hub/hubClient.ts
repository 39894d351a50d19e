import { setTimeout as sleep } from 'node:timers/promises';
import { waitMs } from '../base/pure/retryAfter';
import { MarginError } from '../base/pure/marginError';
import { refused } from './hubErrors';
import type { HubSettings } from './hubSettings';
import { type Repo, repoPath } from './repo';

/** Requests that are tried again, and the longest wait that the Hub may ask for. */
const attempts = 6;
const longestWaitMs = 10 * 60_000;
/** What is read of a refusal; longer ones are pages for people. */
const maxRefusal = 64 << 10;
const shownRefusal = 300;

/** What the functions of @huggingface/hub take. */
export interface HubAccess {
  readonly hubUrl: string;
  readonly fetch: typeof fetch;
  readonly accessToken?: string;
}

export interface ClientOptions {
  readonly signal: AbortSignal;
  /** Called with a sentence when the Hub asks to wait. */
  readonly onWait: (text: string) => void;
}

/** Requests to the Hub about one repository. They wait when it is busy, and their errors say what to do. */
export class HubClient {
  constructor(
    readonly settings: HubSettings,
    readonly repo: Repo,
    private readonly options: ClientOptions,
  ) {}

  get signal(): AbortSignal {
    return this.options.signal;
  }

  get access(): HubAccess {
    const { endpoint, token } = this.settings;
    return { hubUrl: endpoint, fetch: this.fetch, ...(token === null ? {} : { accessToken: token }) };
  }

  /** The address of a file at a commit. */
  fileUrl(commit: string, path: string): string {
    const encoded = path.split('/').map(encodeURIComponent).join('/');
    return `${this.settings.endpoint}/${repoPath(this.repo)}/resolve/${commit}/${encoded}`;
  }

  /** The token, for the Hub's own address only: `fetch` drops it on a redirect to another origin. */
  get authorization(): Readonly<Record<string, string>> {
    const { token } = this.settings;
    return token === null ? {} : { authorization: `Bearer ${token}` };
  }

  /**
   * As the global `fetch`, for answers that are not refusals.
   *
   * @throws MarginError `hub-offline` | `hub-unreachable` | `hub-busy`, those of {@link refused}; the signal's reason
   */
  readonly fetch = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (this.settings.offline) throw new MarginError('hub-offline', 'HF_HUB_OFFLINE is set, so nothing is asked.');
    for (let attempt = 0; attempt < attempts; attempt++) {
      const response = await this.send(input, init, url);
      const { status } = response;
      if (status !== 429 && status !== 503) {
        if (response.ok) return response;
        throw await this.refusal(response, url);
      }
      await response.body?.cancel();
      await this.wait(waitMs(response.headers.get('retry-after'), attempt, Date.now()), url);
    }
    throw this.busy(url, `it refused ${attempts} times. Try again later`);
  };

  private async send(input: string | URL | Request, init: RequestInit, url: URL): Promise<Response> {
    const { signal } = this.options;
    try {
      return await fetch(input, { ...init, signal: init.signal ? AbortSignal.any([signal, init.signal]) : signal });
    } catch (error) {
      signal.throwIfAborted();
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
      throw new MarginError(
        'hub-unreachable',
        `${url.origin} cannot be reached: ${cause}. Check the network and HF_ENDPOINT; with HF_HUB_OFFLINE=1 only the cache is used.`,
        { origin: url.origin },
      );
    }
  }

  private async wait(ms: number, url: URL): Promise<void> {
    const seconds = Math.ceil(ms / 1000);
    if (ms > longestWaitMs) throw this.busy(url, `it asks to wait ${seconds} s. Try again after that`);
    this.options.onWait(`${url.host} is busy and asks to wait ${seconds} s`);
    await sleep(ms, undefined, { signal: this.options.signal });
  }

  private busy({ host }: URL, what: string): MarginError {
    const more = this.settings.token === null ? ', or give a token: people who are logged in may ask more often' : '';
    return new MarginError('hub-busy', `${host} is busy: ${what}${more}.`, { host });
  }

  private async refusal(response: Response, { origin, pathname }: URL): Promise<MarginError> {
    const { endpoint, token } = this.settings;
    // Without the query: that of a storage host is a signature.
    const place = `${origin}${pathname}`;
    const code = response.headers.get('x-error-code');
    const text = response.headers.get('x-error-message') ?? textOf(await shortBody(response));
    const asked = { endpoint, repo: repoPath(this.repo), hasToken: token !== null };
    return refused({ status: response.status, code, text: text.slice(0, shownRefusal), place }, asked);
  }
}

/** The sentence in a JSON body; a page of HTML says nothing in short. */
function textOf(body: string): string {
  const found = /"(?:error|message)"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(body)?.[1];
  return found === undefined ? '' : (JSON.parse(`"${found}"`) as string);
}

async function shortBody({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    if ((length += chunk.length) > maxRefusal) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}

import { setTimeout as sleep } from 'node:timers/promises';
import { MarginError } from '../../base/pure/marginError';
import type { Message } from '../../pairs/pair';
import { type GivenAnswer, stopped } from '../answerSource';
import { answerIn } from './chatReply';
import type { EndpointAddress } from './endpointAddress';
import { waitMs } from '../../base/pure/retryAfter';

/** The body of a request, with the names of OpenAI's chat completions. */
export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly Pick<Message, 'role' | 'content'>[];
  readonly temperature: number;
  readonly top_p: number;
  readonly max_tokens: number;
  /** Missing: the model takes none. */
  readonly seed?: number;
}

export interface ClientOptions {
  /** Milliseconds in which a request must be answered. */
  readonly timeoutMs: number;
  /** Called with a sentence when the server asks to wait. */
  readonly onWait: (text: string) => void;
  /** The id of the language model of VS Code that answers at the address; missing: a server does. */
  readonly editorModel?: string;
}

/** An answer has some KB; this is far more than any model writes. */
const maxBytes = 4 << 20;
/** The longest wait that a server may ask for. */
const longestWaitMs = 10 * 60_000;
const attempts = 6;
const redirects = 3;

/** Asks an OpenAI-compatible server. The key goes to the host of the address and to no other, and into no message. */
export class EndpointClient {
  /** The address without a query, or the language model of VS Code, for messages. */
  readonly name: string;

  constructor(
    readonly address: EndpointAddress,
    private readonly options: ClientOptions,
  ) {
    const { editorModel } = options;
    this.name =
      editorModel === undefined
        ? `${address.url.origin}${address.url.pathname}`
        : `the language model ${editorModel} of VS Code`;
  }

  /** A language model of VS Code takes no seed. */
  get isSeeded(): boolean {
    return this.options.editorModel === undefined;
  }

  /**
   * @throws MarginError `interrupted`; `endpoint-unreachable` | `endpoint-silent` | `endpoint-busy` | `endpoint-key` |
   *   `endpoint-redirect` | `endpoint-status` | `endpoint-answer`
   */
  async chat(request: ChatRequest, signal: AbortSignal): Promise<GivenAnswer> {
    for (let attempt = 0; attempt < attempts; attempt++) {
      const response = await this.send(request, signal);
      if (response.status !== 429 && response.status !== 503) return this.answerOf(response, signal);
      await response.body?.cancel();
      await this.wait(waitMs(response.headers.get('retry-after'), attempt, Date.now()), signal);
    }
    throw this.error('endpoint-busy', `is busy: it refused ${attempts} times. Try again later.`);
  }

  private async wait(ms: number, signal: AbortSignal): Promise<void> {
    const seconds = Math.ceil(ms / 1000);
    if (ms > longestWaitMs) throw this.error('endpoint-busy', `asks to wait ${seconds} s. Try again after that.`);
    this.options.onWait(`${this.name} asks to wait ${seconds} s.`);
    await sleep(ms, undefined, { signal }).catch(() => {
      throw new MarginError('interrupted', stopped);
    });
  }

  private async answerOf(response: Response, signal: AbortSignal): Promise<GivenAnswer> {
    const { status } = response;
    const text = await this.textOf(response, signal);
    if (response.ok) return answerIn(text, this.name);
    if (status === 401 || status === 403)
      throw this.error('endpoint-key', `refused the key (status ${status}). Set MARGIN_ENDPOINT_KEY to a valid one.`);
    throw this.error('endpoint-status', `answered with status ${status}: ${JSON.stringify(text.slice(0, 200))}`);
  }

  private async send(request: ChatRequest, signal: AbortSignal): Promise<Response> {
    let { url } = this.address;
    for (let hops = 0; hops <= redirects; hops++) {
      const response = await this.post(url, request, signal);
      if (response.status < 300 || response.status > 399) return response;
      await response.body?.cancel();
      const location = response.headers.get('location');
      const next = location !== null && URL.canParse(location, url.href) ? new URL(location, url) : null;
      if (next === null || next.origin !== this.address.url.origin)
        throw this.error(
          'endpoint-redirect',
          `sends elsewhere (${next === null ? 'without an address' : next.origin}). Nothing was sent there. Name that address if you trust it.`,
        );
      // A browser would turn the request of these into one without a body.
      if (response.status !== 307 && response.status !== 308)
        throw this.error('endpoint-redirect', `answered with status ${response.status}. Name ${next.href} instead.`);
      url = next;
    }
    throw this.error('endpoint-redirect', `redirects more than ${redirects} times.`);
  }

  private async post(url: URL, request: ChatRequest, signal: AbortSignal): Promise<Response> {
    const { key } = this.address;
    try {
      return await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(key === null ? {} : { authorization: `Bearer ${key}` }) },
        body: JSON.stringify(request),
        redirect: 'manual',
        signal: this.limited(signal),
      });
    } catch (error) {
      throw this.failure(error, signal);
    }
  }

  private async textOf({ body }: Response, signal: AbortSignal): Promise<string> {
    const chunks: Uint8Array[] = [];
    let length = 0;
    try {
      for await (const chunk of body ?? []) {
        chunks.push(chunk);
        length += chunk.length;
        if (length > maxBytes)
          throw this.error('endpoint-answer', `answered with more than ${maxBytes >> 20} MB: no answer is that long.`);
      }
    } catch (error) {
      throw error instanceof MarginError ? error : this.failure(error, signal);
    }
    return Buffer.concat(chunks, length).toString('utf8');
  }

  private limited(signal: AbortSignal): AbortSignal {
    return AbortSignal.any([signal, AbortSignal.timeout(this.options.timeoutMs)]);
  }

  private failure(error: unknown, signal: AbortSignal): MarginError {
    if (signal.aborted) return new MarginError('interrupted', stopped);
    if (error instanceof Error && error.name === 'TimeoutError')
      return this.error('endpoint-silent', `did not answer within ${this.options.timeoutMs / 1000} s.`);
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    return this.error('endpoint-unreachable', `cannot be reached: ${cause}. Is the server running?`);
  }

  private error(code: string, what: string): MarginError {
    return new MarginError(code, `${this.name} ${what}`, { endpoint: this.name });
  }
}

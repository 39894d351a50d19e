import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseJsonObject } from '../../base/node/smallFile';
import { isRecord } from '../../base/pure/isRecord';
import { errorMessage, MarginError } from '../../base/pure/marginError';
import { must } from '../../base/pure/must';

/** What a model is asked. */
export interface BridgedRequest {
  readonly messages: readonly { readonly role: 'user' | 'assistant'; readonly content: string }[];
  /** What else the request says: temperature, top_p and max_tokens. */
  readonly options: Readonly<Record<string, number>>;
}

export interface BridgedAnswer {
  readonly text: string;
  /** 0 if the model does not count them. */
  readonly tokens: number;
}

export type BridgedModel = (request: BridgedRequest, signal: AbortSignal) => Promise<BridgedAnswer>;

/** A prompt has some KB; this is far more than any model reads. */
const maxBytes = 4 << 20;

/**
 * Answers chat completions of a process on this machine with a model that only the extension host can reach. It listens
 * on the loopback address, at a port that the system chooses, and answers only those who know its key.
 */
export class ModelBridge {
  readonly key = randomBytes(32).toString('hex');
  /** The first failure of the model. The process knows only that a request failed. */
  failure: unknown = null;
  private readonly server: Server;
  private readonly ending = new AbortController();

  constructor(private readonly model: BridgedModel) {
    this.server = createServer((request, response) => {
      this.answer(request, response).catch((error: unknown) => this.refuse(response, 500, error));
    });
  }

  /** @returns the address of its API, such as `http://127.0.0.1:40123/v1` */
  async listen(): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`;
  }

  /** Ends requests that are under way. */
  close(): void {
    this.ending.abort();
    this.server.close();
    this.server.closeAllConnections();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!this.knows(request.headers.authorization)) return this.refuse(response, 401, 'a wrong key');
    const isChat = request.method === 'POST' && request.url === '/v1/chat/completions';
    if (!isChat) return this.refuse(response, 404, 'not a chat completion');
    const asked = requestIn(await bodyOf(request));
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    try {
      const { text, tokens } = await this.model(asked, AbortSignal.any([gone.signal, this.ending.signal]));
      const choices = [{ message: { role: 'assistant', content: text }, finish_reason: 'stop' }];
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ choices, usage: { completion_tokens: tokens } }));
    } catch (error) {
      if (!gone.signal.aborted) this.failure ??= error;
      this.refuse(response, 400, error);
    }
  }

  private knows(authorization: string | undefined): boolean {
    const [given, own] = [Buffer.from(authorization ?? ''), Buffer.from(`Bearer ${this.key}`)];
    return given.length === own.length && timingSafeEqual(given, own);
  }

  private refuse(response: ServerResponse, status: number, reason: unknown): void {
    if (response.headersSent) return;
    response.statusCode = status;
    response.end(typeof reason === 'string' ? reason : errorMessage(reason));
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) throw bad('is longer than any prompt');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function requestIn(body: string): BridgedRequest {
  const { messages, model: _, ...rest } = parseJsonObject(body, 'the request');
  if (!Array.isArray(messages)) throw bad('has no messages');
  return {
    messages: (messages as unknown[]).map((message) => {
      if (!isRecord(message) || typeof message['content'] !== 'string') throw bad('has a message without content');
      return { role: message['role'] === 'assistant' ? 'assistant' : 'user', content: message['content'] };
    }),
    options: Object.fromEntries(
      Object.entries(rest).map(([name, value]) => [name, must(typeof value === 'number' ? value : null, name)]),
    ),
  };
}

const bad = (what: string): MarginError => new MarginError('bad-request', `The request ${what}.`);

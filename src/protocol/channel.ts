import { errorCode, errorMessage } from '../base/pure/marginError';

/** What one side of a channel offers: the requests that it answers, and the events that it sends. */
export interface Contract {
  readonly requests: Record<string, { params: unknown; result: unknown }>;
  readonly events: Record<string, unknown>;
}

/** The transport of a channel: `postMessage` of a webview, or a pair of connected ports in tests. */
export interface Port {
  post(message: WireMessage): void;
  /** @returns a function that stops listening */
  listen(receive: (message: WireMessage) => void): () => void;
}

/** An error as it is sent. */
export interface WireError {
  readonly code: string;
  readonly message: string;
}

/** A message between the two sides. `id` connects a request with its result, error or abort. */
export type WireMessage =
  | { readonly kind: 'request'; readonly id: number; readonly name: string; readonly params: unknown }
  | { readonly kind: 'result'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly error: WireError }
  | { readonly kind: 'abort'; readonly id: number }
  | { readonly kind: 'event'; readonly name: string; readonly data: unknown };

/** The answer to a failed request. `code` is the remote error's, or `disposed` | `aborted` | `unknown-request`. */
export class ChannelError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'ChannelError';
  }
}

/** A function for each request of a contract. */
export type Handlers<C extends Contract> = {
  [K in keyof C['requests']]: (
    params: C['requests'][K]['params'],
    signal: AbortSignal,
  ) => C['requests'][K]['result'] | Promise<C['requests'][K]['result']>;
};

interface PendingRequest {
  resolve(result: unknown): void;
  reject(error: ChannelError): void;
}

/**
 * Requests with results, errors and abort, and one-way events, over any {@link Port}. `Local` is the contract of this
 * side, `Remote` that of the other side; both come from one file, so the types of the two sides agree.
 */
export class Channel<Local extends Contract, Remote extends Contract> {
  private nextId = 1;
  private readonly pending = new Map<number, PendingRequest>();
  private readonly running = new Map<number, AbortController>();
  private readonly listeners = new Map<string, Set<(data: never) => void>>();
  private readonly stop: () => void;

  constructor(
    private readonly port: Port,
    private readonly handlers: Handlers<Local>,
  ) {
    this.stop = port.listen((message) => this.receive(message));
  }

  /**
   * Sends a request.
   *
   * @throws ChannelError with the code of the remote error, or `aborted`, `disposed`, `unknown-request`
   */
  request<K extends keyof Remote['requests'] & string>(
    name: K,
    params: Remote['requests'][K]['params'],
    signal?: AbortSignal,
  ): Promise<Remote['requests'][K]['result']> {
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(new ChannelError('aborted', `${name} was cancelled`));
      const abort = (): void => {
        this.pending.delete(id);
        this.port.post({ kind: 'abort', id });
        reject(new ChannelError('aborted', `${name} was cancelled`));
      };
      signal?.addEventListener('abort', abort, { once: true });
      const done = (): void => signal?.removeEventListener('abort', abort);
      this.pending.set(id, {
        resolve: (result) => (done(), resolve(result)),
        reject: (error) => (done(), reject(error)),
      });
      this.port.post({ kind: 'request', id, name, params });
    });
  }

  /** Sends an event. */
  emit<K extends keyof Local['events'] & string>(name: K, data: Local['events'][K]): void {
    this.port.post({ kind: 'event', name, data });
  }

  /** @returns a function that removes the listener */
  on<K extends keyof Remote['events'] & string>(name: K, listener: (data: Remote['events'][K]) => void): () => void {
    const set = this.listeners.get(name) ?? new Set();
    this.listeners.set(name, set);
    set.add(listener);
    return () => set.delete(listener);
  }

  /** Rejects the pending requests, and aborts the handlers that still run. */
  dispose(): void {
    this.stop();
    for (const request of this.pending.values()) request.reject(new ChannelError('disposed', 'The view was closed'));
    for (const controller of this.running.values()) controller.abort();
    this.pending.clear();
    this.running.clear();
    this.listeners.clear();
  }

  private receive(message: WireMessage): void {
    switch (message.kind) {
      case 'request':
        return void this.answer(message.id, message.name, message.params);
      case 'result':
      case 'error': {
        const request = this.pending.get(message.id);
        this.pending.delete(message.id);
        if (message.kind === 'result') request?.resolve(message.result);
        else request?.reject(new ChannelError(message.error.code, message.error.message));
        return;
      }
      case 'abort':
        return this.running.get(message.id)?.abort();
      case 'event':
        this.listeners.get(message.name)?.forEach((listener) => listener(message.data as never));
    }
  }

  private async answer(id: number, name: string, params: unknown): Promise<void> {
    const handler = Object.hasOwn(this.handlers, name) ? this.handlers[name] : undefined;
    const controller = new AbortController();
    this.running.set(id, controller);
    try {
      if (!handler) throw new ChannelError('unknown-request', `There is no handler for the request ${name}`);
      const result = await handler(params, controller.signal);
      if (this.running.has(id)) this.port.post({ kind: 'result', id, result });
    } catch (error) {
      if (this.running.has(id)) this.port.post({ kind: 'error', id, error: wireError(error) });
    } finally {
      this.running.delete(id);
    }
  }
}

function wireError(error: unknown): WireError {
  const message = errorMessage(error);
  const code = errorCode(error) ?? 'internal';
  return { code, message };
}

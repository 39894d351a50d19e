import { describe, expect, it } from 'vitest';
import { Channel, type WireMessage, type Port } from '../../../src/protocol/channel';

type Server = {
  requests: {
    add: { params: { a: number; b: number }; result: number };
    fail: { params: null; result: null };
    wait: { params: null; result: string };
  };
  events: { tick: { n: number } };
};
type Client = { requests: Record<never, never>; events: { chosen: { row: number } } };

/** Two ends of a pipe that copies messages and delivers them later, as postMessage does. */
function pipe(): readonly [Port, Port] {
  const ears: [Set<(frame: WireMessage) => void>, Set<(frame: WireMessage) => void>] = [new Set(), new Set()];
  const end = (own: 0 | 1, other: 0 | 1): Port => ({
    post: (frame) => {
      const copy = structuredClone(frame);
      setTimeout(() => ears[other].forEach((receive) => receive(copy)));
    },
    listen: (receive) => {
      ears[own].add(receive);
      return () => ears[own].delete(receive);
    },
  });
  return [end(0, 1), end(1, 0)];
}

function connected(): {
  server: Channel<Server, Client>;
  client: Channel<Client, Server>;
  aborted: Promise<void>;
  raw: Port;
} {
  const [a, b] = pipe();
  let stopped: () => void = () => undefined;
  const aborted = new Promise<void>((resolve) => (stopped = resolve));
  const server = new Channel<Server, Client>(a, {
    add: ({ a, b }) => a + b,
    fail: () => {
      throw Object.assign(new Error('no such row'), { code: 'no-such-row' });
    },
    wait: (_, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => (stopped(), reject(signal.reason)))),
  });
  return { server, client: new Channel<Client, Server>(b, {}), aborted, raw: b };
}

describe('a channel', () => {
  it('answers each request with its own result, whatever the order', async () => {
    const { client } = connected();
    const sums = await Promise.all([client.request('add', { a: 1, b: 2 }), client.request('add', { a: 3, b: 4 })]);
    expect(sums).toEqual([3, 7]);
  });

  it('sends the code and message of an error to the caller', async () => {
    const { client } = connected();
    await expect(client.request('fail', null)).rejects.toMatchObject({ code: 'no-such-row', message: 'no such row' });
  });

  it('refuses a request without a handler', async () => {
    const { raw } = connected();
    const answer = new Promise<WireMessage>((resolve) => raw.listen(resolve));
    raw.post({ kind: 'request', id: 7, name: 'constructor', params: null });
    expect(await answer).toMatchObject({ kind: 'error', id: 7, error: { code: 'unknown-request' } });
  });

  it('stops the handler of an aborted request', async () => {
    const { client, aborted } = connected();
    const controller = new AbortController();
    const waiting = client.request('wait', null, controller.signal);
    setTimeout(() => controller.abort(), 5);
    await expect(waiting).rejects.toMatchObject({ code: 'aborted' });
    await aborted;
  });

  it('sends no request if the signal is aborted already', async () => {
    const { client } = connected();
    await expect(client.request('add', { a: 1, b: 1 }, AbortSignal.abort())).rejects.toMatchObject({ code: 'aborted' });
  });

  it('rejects pending requests and aborts running handlers when it is closed', async () => {
    const { client, server, aborted } = connected();
    const waiting = client.request('wait', null);
    await client.request('add', { a: 0, b: 0 });
    client.dispose();
    await expect(waiting).rejects.toMatchObject({ code: 'disposed' });
    server.dispose();
    await aborted;
  });

  it('delivers events to listeners until they are removed', async () => {
    const { client, server } = connected();
    const seen: number[] = [];
    const stop = client.on('tick', ({ n }) => seen.push(n));
    server.emit('tick', { n: 1 });
    await client.request('add', { a: 0, b: 0 });
    stop();
    server.emit('tick', { n: 2 });
    await client.request('add', { a: 0, b: 0 });
    expect(seen).toEqual([1]);
  });
});

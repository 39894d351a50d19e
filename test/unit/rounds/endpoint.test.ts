import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { endpointAddress } from '../../../src/rounds/endpoint/endpointAddress';
import { type ChatRequest, EndpointClient } from '../../../src/rounds/endpoint/endpointClient';
import { endpointSource } from '../../../src/rounds/endpoint/endpointSource';
import { waitMs } from '../../../src/base/pure/retryAfter';
import { failureOf } from '../model/files';

const request: ChatRequest = {
  model: 'm',
  messages: [{ role: 'user', content: 'Hi' }],
  temperature: 0,
  top_p: 1,
  max_tokens: 8,
  seed: 1,
};
const good = { choices: [{ message: { content: 'Hello!' }, finish_reason: 'stop' }], usage: { completion_tokens: 2 } };
const secret = 'sk-very-secret';

type Answer = (request: IncomingMessage, response: ServerResponse, count: number) => void | Promise<void>;

/** A server on this machine. @returns its address, and what it was asked */
async function server(answer: Answer): Promise<{ readonly url: string; readonly asked: IncomingMessage[] }> {
  const asked: IncomingMessage[] = [];
  const http = createServer((incoming, response) => {
    asked.push(incoming);
    Promise.resolve(answer(incoming, response, asked.length)).catch((error: unknown) =>
      response.destroy(new Error(String(error))),
    );
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  const { port } = http.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/v1`, asked };
}

const json =
  (value: unknown, status = 200): Answer =>
  (_, response) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));

function client(url: string, { timeoutMs = 20_000, waits = [] as string[] } = {}): EndpointClient {
  return new EndpointClient(endpointAddress(url, 'm', secret), { timeoutMs, onWait: (line) => waits.push(line) });
}

const never = new AbortController().signal;

async function failure(answer: Answer, timeoutMs?: number): Promise<{ code: unknown; message: string }> {
  const { url } = await server(answer);
  const failed = await failureOf(client(url, timeoutMs === undefined ? {} : { timeoutMs }).chat(request, never));
  expect(failed.message).not.toContain(secret);
  return failed;
}

describe('an endpoint', () => {
  it('is asked with the names of chat completions, and gets the key', async () => {
    let body = '';
    const { url, asked } = await server(async (incoming, response, count) => {
      body = await text(incoming);
      await json(good)(incoming, response, count);
    });
    const prompt = [{ role: 'user', content: 'Hi', extra: 1 }];
    const settings = { temperature: 0.5, top_p: 0.9, max_new_tokens: 7 };
    const answers = await endpointSource(client(url)).answer([{ prompt, seed: 5 }], settings, never);
    expect(answers).toEqual([{ text: 'Hello!', tokens: 2, finish: 'stop' }]);
    const sent = { model: 'm', messages: request.messages, temperature: 0.5, top_p: 0.9, max_tokens: 7, seed: 5 };
    expect(JSON.parse(body)).toEqual(sent);
    expect(asked[0]?.url).toBe('/v1/chat/completions');
    expect(asked[0]?.headers.authorization).toBe(`Bearer ${secret}`);
  });

  it('that never answers is given up after the time limit, also in the middle of an answer', async () => {
    expect(await failure(() => undefined, 200)).toMatchObject({ code: 'endpoint-silent' });
    const half: Answer = (_, response) => void response.writeHead(200).write('{"choices":');
    expect(await failure(half, 200)).toMatchObject({ code: 'endpoint-silent' });
  });

  it('that never answers is left at once by a signal', async () => {
    const stop = new AbortController();
    const { url } = await server(() => stop.abort());
    expect(await failureOf(client(url).chat(request, stop.signal))).toMatchObject({ code: 'interrupted' });
  });

  it.each([
    ['no JSON', (_: unknown, response: ServerResponse) => void response.end('<html>'), 'not a JSON object'],
    ['a list', json([]), 'not a JSON object'],
    ['no choices', json({ choices: [] }), 'without a message'],
    ['an answer of no text', json({ choices: [{ message: { content: null } }] }), 'without a message'],
    ['an unknown end', json({ choices: [{ message: { content: 'a' }, finish_reason: 'x' }] }), 'finish_reason'],
    ['deep JSON', (_: unknown, response: ServerResponse) => void response.end('['.repeat(1e6)), 'not a JSON object'],
  ] satisfies [string, Answer, string][])('that answers with %s is refused', async (_, answer, message) => {
    expect(await failure(answer)).toMatchObject({
      code: 'endpoint-answer',
      message: expect.stringContaining(message) as string,
    });
  });

  it('that answers without end is cut off', async () => {
    const endless: Answer = (_, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(1 << 16)));
        response.once('drain', more);
      };
      more();
    };
    expect(await failure(endless)).toMatchObject({
      code: 'endpoint-answer',
      message: expect.stringContaining('4 MB') as string,
    });
  });

  it('that asks to wait is asked again after that time', async () => {
    const waits: string[] = [];
    const { url, asked } = await server((incoming, response, count) =>
      count === 1
        ? void response.writeHead(429, { 'retry-after': '0' }).end('slow down')
        : json(good)(incoming, response, count),
    );
    expect(await client(url, { waits }).chat(request, never)).toMatchObject({ text: 'Hello!' });
    expect(asked).toHaveLength(2);
    expect(waits).toEqual([expect.stringContaining('asks to wait 0 s')]);
  });

  it('that asks to wait too long, or too often, is given up', async () => {
    const busy =
      (seconds: string): Answer =>
      (_, response) =>
        void response.writeHead(429, { 'retry-after': seconds }).end();
    expect(await failure(busy('86400'))).toMatchObject({
      code: 'endpoint-busy',
      message: expect.stringContaining('86400 s') as string,
    });
    expect(await failure(busy('0'))).toMatchObject({
      code: 'endpoint-busy',
      message: expect.stringContaining('6 times') as string,
    });
  });

  it('that sends to another host gets no second request there, and the key stays here', async () => {
    const other = await server(json(good));
    const away: Answer = (_, response) =>
      void response.writeHead(307, { location: `${other.url}/chat/completions` }).end();
    expect(await failure(away)).toMatchObject({ code: 'endpoint-redirect' });
    expect(other.asked).toHaveLength(0);
  });

  it('that moves within its host is followed a few times', async () => {
    const { url, asked } = await server((incoming, response, count) =>
      incoming.url === '/moved'
        ? json(good)(incoming, response, count)
        : void response.writeHead(308, { location: '/moved' }).end(),
    );
    expect(await client(url).chat(request, never)).toMatchObject({ text: 'Hello!' });
    expect(asked).toHaveLength(2);
    const round: Answer = (_, response) => void response.writeHead(308, { location: '/again' }).end();
    expect(await failure(round)).toMatchObject({ code: 'endpoint-redirect' });
    const see: Answer = (_, response) => void response.writeHead(303, { location: '/other' }).end();
    expect(await failure(see)).toMatchObject({ code: 'endpoint-redirect' });
  });

  it('that refuses the key, fails, or is not there is named in the error', async () => {
    expect(await failure(json({}, 401))).toMatchObject({ code: 'endpoint-key' });
    const failed = await failure(json({ error: 'out of memory' }, 500));
    expect(failed).toMatchObject({
      code: 'endpoint-status',
      message: expect.stringContaining('out of memory') as string,
    });
    const gone = await failureOf(client('http://127.0.0.1:1/v1').chat(request, never));
    expect(gone).toMatchObject({ code: 'endpoint-unreachable' });
  });
});

describe('the address of an endpoint', () => {
  it.each([
    ['localhost:80', null, 'must begin with'],
    ['nowhere', null, 'is no address'],
    ['ftp://a/v1', null, 'must begin with'],
    ['http://user:word@localhost/v1', null, 'name or password'],
    ['http://example.com/v1', secret, 'plain HTTP'],
    ['https://example.com/v1', 'a\nb', 'spaces'],
  ])('%s is refused', async (url, key, message) => {
    const failed = await failureOf(Promise.resolve().then(() => endpointAddress(url, 'm', key)));
    expect(failed).toMatchObject({ code: 'bad-endpoint', message: expect.stringContaining(message) as string });
  });

  it.each([
    ['http://localhost:8080/v1', 'http://localhost:8080/v1/chat/completions'],
    ['http://localhost:8080/v1/', 'http://localhost:8080/v1/chat/completions'],
    ['https://example.com/v1/chat/completions', 'https://example.com/v1/chat/completions'],
  ])('%s asks %s', (url, whole) => {
    expect(endpointAddress(url, 'm', secret).url.href).toBe(whole);
  });

  it('may be another machine over plain HTTP without a key', () => {
    expect(endpointAddress('http://192.168.1.5:8080/v1', 'm', null).key).toBeNull();
  });
});

it('the time to wait comes from the server, in seconds or as a date; else it doubles', () => {
  const now = Date.parse('2026-11-30T02:00:00Z');
  expect(waitMs('7', 0, now)).toBe(7000);
  expect(waitMs('Mon, 30 Nov 2026 02:00:30 GMT', 0, now)).toBe(30_000);
  expect(waitMs('Mon, 30 Nov 2026 01:00:00 GMT', 0, now)).toBe(0);
  expect([0, 1, 2].map((attempt) => waitMs(null, attempt, now))).toEqual([1000, 2000, 4000]);
  expect(waitMs('soon', 1, now)).toBe(2000);
});

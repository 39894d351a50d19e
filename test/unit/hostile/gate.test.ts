import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, request, type IncomingMessage, type OutgoingHttpHeaders, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGate, type Gate } from '../../../src/dev/workbench/gate';

const token = 'a-token-of-this-test';

describe('the gate in front of VS Code', () => {
  const folder = mkdtempSync(join(tmpdir(), 'margin-gate-'));
  const seen: string[] = [];
  let server: Server;
  let gate: Gate;
  beforeAll(async () => {
    const socketPath =
      process.platform === 'win32' ? `\\\\.\\pipe\\margin-gate-${process.pid}` : join(folder, 'socket');
    server = echoServer(seen).listen(socketPath);
    await once(server, 'listening');
    gate = await openGate(socketPath, token);
  });
  afterAll(() => {
    gate.close();
    server.close();
    rmSync(folder, { recursive: true });
  });

  const here = (): string => `127.0.0.1:${gate.port}`;
  const get = (path: string, headers: OutgoingHttpHeaders = {}): Promise<Answer> => ask(gate.port, path, headers);
  const upgrade = (headers: OutgoingHttpHeaders, path = `/?tkn=${token}`): Promise<Answer> =>
    ask(gate.port, path, { connection: 'Upgrade', upgrade: 'websocket', ...headers });

  it('lets requests with the token through, in the address or in the cookie, for both names of this machine', async () => {
    expect(await get(`/file?tkn=${token}`)).toMatchObject({ status: 200, body: `GET /file?tkn=${token}` });
    expect(await get('/file', { cookie: `theme=dark; vscode-tkn=${token}` })).toMatchObject({
      status: 200,
      body: 'GET /file',
    });
    expect(await get(`/?tkn=${token}`, { host: `localhost:${gate.port}` })).toMatchObject({ status: 200 });
    expect(await get(`/?tkn=${token}`, { origin: `http://${here()}` })).toMatchObject({ status: 200 });
  });

  const foreign: readonly [string, string, () => OutgoingHttpHeaders][] = [
    ['has no token', '/vscode-remote-resource?path=/etc/passwd', () => ({})],
    ['has an empty token', '/?tkn=', () => ({})],
    ['has another token', `/?tkn=${token}x`, () => ({})],
    ['has another token, beside the right cookie', '/?tkn=x', () => ({ cookie: `vscode-tkn=${token}` })],
    ['has a cookie whose name only ends alike', '/', () => ({ cookie: `x-vscode-tkn=${token}` })],
    ['names another host (DNS rebinding)', `/?tkn=${token}`, () => ({ host: 'attacker.example' })],
    ['names another port of this machine', `/?tkn=${token}`, () => ({ host: '127.0.0.1:1' })],
    ['names a host that only begins like this one', `/?tkn=${token}`, () => ({ host: `${here()}.attacker.example` })],
    ['comes from another site', `/?tkn=${token}`, () => ({ origin: 'http://attacker.example' })],
    ['comes from another port of this machine', `/?tkn=${token}`, () => ({ origin: 'http://127.0.0.1:1' })],
    ['comes from a page without an origin', `/?tkn=${token}`, () => ({ origin: 'null' })],
  ];
  it.each(foreign)(
    'refuses a request and a WebSocket that %s, before the server sees it',
    async (_why, path, headers) => {
      seen.length = 0;
      expect(await get(path, headers())).toMatchObject({ status: 403 });
      expect(await upgrade(headers(), path)).toMatchObject({ status: 403 });
      expect(seen).toEqual([]);
    },
  );

  it('also checks paths that are not valid in a URL', async () => {
    for (const path of ['//', '//:0', '/%', '*', `//?tkn=x`]) expect(await get(path)).toMatchObject({ status: 403 });
    expect(await get(`//?tkn=${token}`)).toMatchObject({ status: 200 });
  });

  it('carries a WebSocket with the token both ways, and ends it when the gate closes', async () => {
    const { status, socket } = await upgrade({ origin: `http://${here()}` });
    expect(status).toBe(101);
    socket?.write('to and fro');
    const [answer] = (await once(socket as Duplex, 'data')) as [Buffer];
    expect(answer.toString()).toBe('to and fro');
    gate.close();
    await once(socket as Duplex, 'close');
    await expect(get(`/?tkn=${token}`)).rejects.toThrow('ECONNREFUSED');
  });
});

/** Answers with what was asked; a WebSocket gets back what it sends. */
function echoServer(seen: string[]): Server {
  const note = ({ method, url }: IncomingMessage): string => `${method} ${url}`;
  return createServer((asked, response) => {
    seen.push(note(asked));
    response.end(note(asked));
  }).on('upgrade', (asked: IncomingMessage, socket: Duplex) => {
    seen.push(note(asked));
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    socket.pipe(socket);
  });
}

interface Answer {
  readonly status: number | undefined;
  readonly body: string;
  readonly socket: Duplex | null;
}

function ask(port: number, path: string, headers: OutgoingHttpHeaders): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ port, host: '127.0.0.1', path, headers, agent: false });
    sent.on('error', reject);
    sent.on('upgrade', ({ statusCode }, socket) => resolve({ status: statusCode, body: '', socket }));
    sent.on('response', (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode, body, socket: null }));
      response.on('error', reject);
    });
    sent.end();
  });
}

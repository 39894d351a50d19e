import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, request as send, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { must } from '../../base/pure/must';

/** The names that VS Code's server and page use for the token. */
const tokenParameter = 'tkn';
const tokenCookie = 'vscode-tkn';

export interface Gate {
  readonly port: number;
  /** Closes the port and all connections. */
  close(): void;
}

/**
 * Opens a loopback port in front of VS Code's server, which listens on a socket that only its owner can reach. The gate
 * checks Host (against DNS rebinding), Origin (against WebSockets from pages of other sites) and the token; VS Code
 * itself checks only the token.
 *
 * @param socketPath the server's socket; refused requests never reach it
 */
export async function openGate(socketPath: string, token: string): Promise<Gate> {
  const sockets = new Set<Duplex>();
  const server = createServer((request, response) => {
    const refused = refusal(request, portOf(server), token);
    if (refused === null) pass(request, response, socketPath);
    else response.writeHead(403, { 'content-type': 'text/plain; charset=utf-8' }).end(`${refused}\n`);
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    const refused = refusal(request, portOf(server), token);
    if (refused === null) passSocket(request, socket, head, connect(socketPath));
    else socket.end(`HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Type: text/plain\r\n\r\n${refused}\n`);
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const close = (): void => {
    server.close();
    server.closeAllConnections();
    for (const socket of sockets) socket.destroy();
  };
  return { port: portOf(server), close };
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The port in front of VS Code is closed.');
  return address.port;
}

/** The reason to refuse a request, or null. */
function refusal({ headers, url = '/' }: IncomingMessage, port: number, token: string): string | null {
  const { host, origin } = headers;
  if (host !== `127.0.0.1:${port}` && host !== `localhost:${port}`) return 'This Host is not served.';
  if (origin !== undefined && origin !== `http://${host}`) return 'Requests from other sites are refused.';
  // Not `new URL`, which throws for paths such as `//`.
  const query = new URLSearchParams(url.replace(/^[^?]*/, ''));
  const given = query.get(tokenParameter) ?? cookie(headers.cookie, tokenCookie);
  if (given === null || !isSame(given, token))
    return 'The token is missing or wrong. Open the address that npm start printed.';
  return null;
}

function cookie(header: string | undefined, name: string): string | null {
  const pair = header?.split('; ').find((one) => one.startsWith(`${name}=`));
  return pair === undefined ? null : pair.slice(name.length + 1);
}

/** Takes the same time no matter where the texts differ. */
function isSame(given: string, token: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(given), hash(token));
}

function pass(request: IncomingMessage, response: ServerResponse, socketPath: string): void {
  const { method, url: path, headers } = request;
  const upstream = send({ socketPath, method, path, headers }, (answer) => {
    response.writeHead(must(answer.statusCode, 'the status of VS Code’s answer'), answer.rawHeaders);
    answer.pipe(response);
    answer.on('error', () => response.destroy());
  });
  upstream.on('error', () => (response.headersSent ? response.destroy() : response.writeHead(502).end()));
  response.on('close', () => upstream.destroy());
  request.pipe(upstream);
}

/** Passes a WebSocket's handshake on unchanged, then connects both sides. */
function passSocket(
  { method, url, rawHeaders }: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  upstream: Socket,
): void {
  const lines = rawHeaders.flatMap((name, i) => (i % 2 === 0 ? [`${name}: ${rawHeaders[i + 1]}`] : []));
  upstream.write(`${method} ${url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
  upstream.write(head);
  socket.pipe(upstream).pipe(socket);
  for (const [one, other] of [
    [socket, upstream],
    [upstream, socket],
  ] as const) {
    one.on('error', () => other.destroy());
    one.on('close', () => other.destroy());
  }
}

import { spawn, type ChildProcess } from 'node:child_process';
import { connect } from 'node:net';
import { resolve } from 'node:path';
import { must } from '../../src/base/pure/must';

/** Keeps the libraries off the network, and their progress and warnings out of the output. */
const environment: Readonly<Record<string, string>> = {
  HF_HUB_OFFLINE: '1',
  HF_HUB_DISABLE_PROGRESS_BARS: '1',
  TRANSFORMERS_VERBOSITY: 'error',
  PYTHONWARNINGS: 'ignore',
  PYTHONUTF8: '1',
  TOKENIZERS_PARALLELISM: 'false',
};

export interface PythonServer {
  readonly port: number;
  close(): void;
}

/** Starts serve.py, which answers {@link askPython}. */
export async function startPython(python: string): Promise<PythonServer> {
  const child = spawn(python, [resolve('test/peer/serve.py')], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  let err = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err = (err + text).slice(-4000)));
  const port = await new Promise<number>((done, fail) => {
    child.once('error', fail).once('exit', (code) => fail(new Error(`serve.py ended (${code}):\n${err}`)));
    // Later lines are what the scripts print.
    child.stdout.setEncoding('utf8').on('data', (text: string) => done(Number(text)));
  });
  return { port, close: () => child.stdin.end() };
}

/**
 * Runs a script in the process of {@link startPython}. Scripts that are asked for at the same time wait for each other.
 *
 * @param script path below `test/peer`
 * @returns what the script's `main` returns for the request
 */
export async function askPython(port: number, script: string, request: unknown): Promise<unknown> {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  socket.write(`${JSON.stringify({ script, request })}\n`);
  let text = '';
  for await (const part of socket) text += String(part);
  const answer = JSON.parse(text) as { readonly result: unknown } | { readonly error: string };
  if ('error' in answer) throw new Error(`${script} failed:\n${answer.error}`);
  return answer.result;
}

/**
 * Runs a Python script in a process of its own.
 *
 * @param script path below `test`
 * @param request goes to stdin as JSON
 * @param started gets the process, to watch it
 * @returns the last line of stdout, parsed as JSON
 */
export const runPython = async (
  python: string,
  script: string,
  request: unknown,
  started: (child: ChildProcess) => void = () => undefined,
): Promise<unknown> => runScript(python, script, request, started);

/** As {@link runPython}, for a script of Node. */
export const runNode = async (script: string, request: unknown): Promise<unknown> =>
  runScript(process.execPath, script, request, () => undefined);

async function runScript(
  program: string,
  script: string,
  request: unknown,
  started: (child: ChildProcess) => void,
): Promise<unknown> {
  const child = spawn(program, [resolve('test', script)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  started(child);
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  child.stdin.end(JSON.stringify(request));
  const code = await new Promise<number | null>((done, fail) => child.once('error', fail).once('close', done));
  if (code !== 0) throw new Error(`${script} failed (${code}):\n${err.slice(-4000)}`);
  return JSON.parse(must(out.trimEnd().split('\n').at(-1), 'the last line'));
}

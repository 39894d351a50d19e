import { spawn, type ChildProcess } from 'node:child_process';
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

/**
 * Runs a Python script.
 *
 * @param script path below `test`
 * @param request goes to stdin as JSON
 * @param started gets the process, to watch it
 * @returns the last line of stdout, parsed as JSON
 */
export async function runPython(
  python: string,
  script: string,
  request: unknown,
  started: (child: ChildProcess) => void = () => undefined,
): Promise<unknown> {
  const child = spawn(python, [resolve('test', script)], {
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

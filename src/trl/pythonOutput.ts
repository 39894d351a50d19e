import { spawn } from 'node:child_process';

/** Characters of a program's last words that an error shows. */
const shown = 800;

/**
 * Runs a program to its end.
 *
 * @param signal ends the program; it has ended when this throws, so its files can be removed
 * @param onLine gets each line that it prints
 * @returns what it printed
 * @throws Error with its last words
 */
export async function outputOf(
  program: string,
  argv: readonly string[],
  signal: AbortSignal,
  onLine: (line: string) => void = () => undefined,
): Promise<string> {
  signal.throwIfAborted();
  const child = spawn(program, argv, { stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
  const kill = (): void => void child.kill();
  signal.addEventListener('abort', kill);
  let [out, err, open] = ['', '', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    const lines = (open + text).split('\n');
    open = lines.pop() ?? '';
    lines.forEach((line) => onLine(line.trim()));
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err = (err + text).slice(-8 * shown)));
  try {
    const code = await new Promise<number | null>((done, fail) => child.once('error', fail).once('close', done));
    signal.throwIfAborted();
    if (code !== 0) throw new Error(err.trim() === '' ? `exit code ${code}` : err.trim());
    return out;
  } finally {
    signal.removeEventListener('abort', kill);
  }
}

/** The last line of an error's message. */
export function lastWords(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const line = text.split('\n').findLast((one) => one.trim() !== '');
  return (line ?? text).trim().slice(-shown);
}

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

const windows = process.platform === 'win32';

/** Runs a command to its end. Rejects with its last lines of output when it fails. */
export function runCommand(
  command: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: windows && !command.endsWith('.exe'),
    });
    let tail = '';
    const keep = (chunk: Buffer) => (tail = (tail + chunk.toString()).slice(-4000));
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`${command} ${args.join(' ')} failed (${code}) in ${cwd}:\n${tail}`)),
    );
  });
}

/** Runs the npm that started this process, or the one on the PATH. */
export function runNpm(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = process.env): Promise<void> {
  const script = process.env['npm_execpath'];
  return script?.endsWith('.js')
    ? runCommand(process.execPath, [script, ...args], cwd, env)
    : runCommand('npm', args, cwd, env);
}

/**
 * Ends a process that was started with `detached: true`, and its whole process group: first with SIGTERM, after
 * `graceMs` with SIGKILL.
 */
export async function stopTree(child: ChildProcess, graceMs = 3000): Promise<void> {
  const { pid } = child;
  if (pid === undefined) return;
  if (windows) {
    spawnSync('taskkill', ['/pid', String(pid), '/t', '/f']);
    return;
  }
  signalGroup(pid, 'SIGTERM');
  for (const end = Date.now() + graceMs; Date.now() < end && signalGroup(pid, 0);) await delay(50);
  signalGroup(pid, 'SIGKILL');
}

/** Signals a process group. @returns false if no process is left in it */
export function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  if (pid <= 0) return false; // kill(-0) signals the caller's own group.
  try {
    return process.kill(-pid, signal);
  } catch {
    return false; // ESRCH: no process is left.
  }
}

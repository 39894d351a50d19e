import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { accessSync, closeSync, constants, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { cpus, hostname, tmpdir, userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const programs = ['munged', 'slurmctld', 'slurmd', 'sbatch', 'squeue', 'scancel', 'scontrol'];
/** Daemons are in folders that a user's PATH may lack. */
const searchPath = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];

/** Why no cluster can be made here; null: one can. Nothing is installed: Debian has `slurm-wlm` and `munge`. */
export function whyNoSlurm(): string | null {
  const missing = programs.filter((program) => pathOf(program) === null);
  if (missing.length > 0) return `Slurm is not installed (no ${missing.join(', ')})`;
  return userInfo().uid === 0 ? null : 'slurmd starts jobs only as root';
}

function pathOf(program: string): string | null {
  const paths = searchPath.map((folder) => join(folder, program));
  return paths.find((path) => isExecutable(path)) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A Slurm cluster of this one machine: munged, slurmctld and slurmd, with all files in a temporary folder. */
export class SlurmCluster {
  private readonly daemons: ChildProcess[] = [];

  private constructor(
    private readonly folder: string,
    /** Variables with which sbatch and the other programs find this cluster. */
    readonly environment: Readonly<Record<string, string>>,
  ) {}

  static async start(): Promise<SlurmCluster> {
    const folder = mkdtempSync(join(tmpdir(), 'margin-slurm-'));
    for (const name of ['munge', 'state', 'spool']) mkdirSync(join(folder, name), { mode: 0o700 });
    const conf = join(folder, 'slurm.conf');
    writeFileSync(conf, configOf(folder, await freePort(), await freePort()));
    const cluster = new SlurmCluster(folder, { SLURM_CONF: conf, PATH: searchPath.join(delimiter) });
    try {
      await cluster.startDaemons(conf);
      return cluster;
    } catch (error) {
      await cluster.end();
      throw error;
    }
  }

  /** Runs a program of Slurm, and returns what it prints. */
  async call(program: string, ...args: string[]): Promise<string> {
    const { stdout } = await run(program, args, { env: { ...process.env, ...this.environment } });
    return stdout.trim();
  }

  /** Ends the jobs, then exactly the daemons that it started, and removes the folder. */
  async end(): Promise<void> {
    await this.call('scancel', '--user', userInfo().username, '--signal=KILL', '--full').catch(() => '');
    await this.call('scancel', '--user', userInfo().username).catch(() => '');
    for (let wait = 0; wait < 50 && (await this.call('squeue', '--noheader').catch(() => '')) !== ''; wait++)
      await sleep(200);
    for (const daemon of this.daemons.toReversed()) await ended(daemon);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async startDaemons(conf: string): Promise<void> {
    const at = (name: string): string => join(this.folder, 'munge', name);
    writeFileSync(at('key'), randomBytes(128), { mode: 0o400 });
    const places = [`--key-file=${at('key')}`, `--socket=${at('socket')}`, `--pid-file=${at('pid')}`];
    this.spawn('munged', ['-F', '-f', ...places, `--seed-file=${at('seed')}`, `--log-file=${at('log')}`]);
    this.spawn('slurmctld', ['-D', '-i', '-f', conf]);
    this.spawn('slurmd', ['-D', '-f', conf]);
    for (let wait = 0; wait < 300; wait++) {
      if ((await this.call('sinfo', '--noheader', '--format=%t').catch(() => '')) === 'idle') return;
      await sleep(200);
    }
    throw new Error(`The cluster did not become idle; its logs are in ${this.folder}`);
  }

  private spawn(program: string, args: readonly string[]): void {
    const log = openSync(join(this.folder, `${program}.out`), 'a');
    const env = { ...process.env, ...this.environment };
    this.daemons.push(spawn(pathOf(program) ?? program, args, { env, stdio: ['ignore', log, log] }));
    closeSync(log);
  }
}

async function ended(daemon: ChildProcess): Promise<void> {
  if (daemon.exitCode !== null || daemon.signalCode !== null) return;
  const exit = new Promise((resolve) => daemon.once('exit', resolve));
  daemon.kill('SIGTERM');
  const late = setTimeout(() => daemon.kill('SIGKILL'), 10_000);
  await exit;
  clearTimeout(late);
}

function configOf(folder: string, controller: number, node: number): string {
  const host = hostname();
  const lines = {
    ClusterName: 'margin',
    SlurmctldHost: `${host}(127.0.0.1)`,
    SlurmctldPort: controller,
    SlurmdPort: node,
    SlurmUser: 'root',
    SlurmdUser: 'root',
    AuthType: 'auth/munge',
    AuthInfo: `socket=${join(folder, 'munge', 'socket')}`,
    CredType: 'cred/munge',
    StateSaveLocation: join(folder, 'state'),
    SlurmdSpoolDir: join(folder, 'spool'),
    SlurmctldPidFile: join(folder, 'slurmctld.pid'),
    SlurmdPidFile: join(folder, 'slurmd.pid'),
    SlurmctldLogFile: join(folder, 'slurmctld.log'),
    SlurmdLogFile: join(folder, 'slurmd.log'),
    ProctrackType: 'proctrack/linuxproc',
    TaskPlugin: 'task/none',
    JobAcctGatherType: 'jobacct_gather/none',
    AccountingStorageType: 'accounting_storage/none',
    SelectType: 'select/cons_tres',
    SelectTypeParameters: 'CR_CPU',
    SchedulerParameters: 'batch_sched_delay=0,sched_interval=2,requeue_setup_env_fail',
    ReturnToService: 2,
    MpiDefault: 'none',
    KillWait: 10,
    MinJobAge: 300,
  };
  const nodes = `NodeName=${host} NodeAddr=127.0.0.1 CPUs=${cpus().length} State=UNKNOWN`;
  const partition = `PartitionName=main Nodes=${host} Default=YES MaxTime=INFINITE State=UP`;
  return `${[...Object.entries(lines).map(([key, value]) => `${key}=${value}`), nodes, partition].join('\n')}\n`;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { planPull, pull } from '../../../src/hub/pull';
import { committedCopy } from '../../../src/jsonl/node/git/committedCopy';
import { DecodedFiles } from '../../../src/jsonl/node/decode/decodedFiles';
import { HubServer } from '../../hub/hubServer';
import { clientOf, modelContents, wantsAll } from '../hub/samples';
import { closeLater, type Scenario } from './scenario';

/** A file of git and one of LFS; more take time and show nothing more. */
const pulled = ['config.json', 'model.safetensors'];
const rows = '{"prompt":"1","chosen":"a","rejected":"b"}\n'.repeat(3);

async function openHub(): Promise<HubServer> {
  const hub = new HubServer();
  await hub.start();
  hub.add('models/org/tiny', modelContents);
  closeLater({ close: () => hub.stop() });
  return hub;
}

let hub: Promise<HubServer> | null = null;

const repo = (home: string): string => join(home, '.cache', 'huggingface', 'hub', 'models--org--tiny');

/** Whether each blob is what its name says, and the branch names no snapshot that lacks a file. */
function isSoundCache(home: string): boolean {
  const blobs = join(repo(home), 'blobs');
  const names = existsSync(blobs) ? readdirSync(blobs).filter((name) => !name.endsWith('.incomplete')) : [];
  const isRight = (name: string): boolean => {
    const bytes = readFileSync(join(blobs, name));
    const git = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
    return [git, createHash('sha256').update(bytes).digest('hex')].includes(name);
  };
  const branch = join(repo(home), 'refs', 'main');
  const commit = existsSync(branch) ? readFileSync(branch, 'utf8') : null;
  const isWhole = commit === null || pulled.every((name) => existsSync(join(repo(home), 'snapshots', commit, name)));
  return isWhole && names.every(isRight);
}

const entriesOf = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : []);

/** Writers of copies that are made again when they are wanted: of the Hub, of git, and of packed files. */
export const cacheWriters: readonly Scenario[] = [
  {
    name: 'a model that is pulled into the cache of the Hub',
    isRepeatable: true,
    // What has come of a file stays for the next pull.
    isSafe: isSoundCache,
    prepare: async (folder) => {
      const server = await (hub ??= openHub());
      return async () => {
        const client = await clientOf(server, folder);
        const plan = await planPull(client, wantsAll);
        await pull(client, { ...plan, files: plan.files.filter(({ path }) => pulled.includes(path)) }, () => undefined);
      };
    },
  },
  {
    name: 'a copy of the last commit, to compare with',
    isRepeatable: true,
    left: (folder) => entriesOf(join(folder, 'tmp')),
    prepare: async (folder) => {
      const file = join(folder, 'prefs.jsonl');
      writeFileSync(file, rows);
      mkdirSync(join(folder, 'tmp'));
      const git = (...argv: string[]): Buffer => execFileSync('git', ['-C', folder, ...argv], { stdio: 'pipe' });
      git('init', '--quiet');
      git('add', 'prefs.jsonl');
      git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '--quiet', '-m', 'Add rows');
      return async () => {
        const copy = await committedCopy(file, { program: 'git' }, join(folder, 'tmp'));
        try {
          if (readFileSync(copy.file, 'utf8') !== rows) throw new Error('the copy has other rows');
        } finally {
          await copy.remove();
        }
      };
    },
    ignored: /\.git\/|tmp\//,
  },
  {
    name: 'the decoded copy of a packed file',
    isRepeatable: true,
    // Names of copies are random. What they hold is read below.
    ignored: /store\//,
    left: (folder) => entriesOf(join(folder, 'store')).filter((name) => !isComplete(join(folder, 'store', name))),
    prepare: async (folder) => {
      const file = join(folder, 'prefs.jsonl.gz');
      writeFileSync(file, gzipSync(rows));
      return () => readDecoded(file, new DecodedFiles(join(folder, 'store'), 'decodeThread.js'));
    },
  },
];

const isComplete = (copy: string): boolean => existsSync(join(copy, 'complete'));

async function readDecoded(file: string, files: DecodedFiles): Promise<void> {
  const decoded = await files.open(file);
  try {
    await decoded.growing?.end;
    decoded.growing?.check();
    if (readFileSync(decoded.file, 'utf8') !== rows) throw new Error('the copy has other rows');
  } finally {
    await decoded.release();
  }
}

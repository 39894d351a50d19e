import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { cacheFolder } from '../../src/base/node/cacheFolder';
import { must } from '../../src/base/pure/must';
import { errorMessage } from '../../src/base/pure/marginError';
import { runCommand } from '../../src/dev/workbench/processes';
import { makeWhole, pythonIn, quiet } from './environment';

const version = '0.33.0';
/** What vLLM's check of an adapter imports, beside what TRL has. All that serves a model takes some GB more. */
const packages = ['cbor2==6.3.0', 'pyzmq==27.3.0', 'aiohttp==3.14.5', 'openai==3.57.0', 'openai-harmony==0.0.8'];

/**
 * Installs vLLM beside the packages of the peer, once (1 GB on disk). There are packages of it for Linux only.
 *
 * @param peerPython the Python with PyTorch
 * @returns the Python with both; null if it cannot be installed
 */
export async function openVllm(peerPython: string): Promise<string | null> {
  const folder = join(cacheFolder(), `vllm-${version}`);
  try {
    if (process.platform !== 'linux') throw new Error('there is no package for this system');
    if (!existsSync(folder)) await makeWhole(folder, (partial) => install(partial, peerPython));
    return pythonIn(folder);
  } catch (error) {
    console.log(`vLLM is not asked, because it could not be installed: ${errorMessage(error)}`);
    return null;
  }
}

async function install(folder: string, peerPython: string): Promise<void> {
  console.log(`Installing vLLM into ${folder} (once, 1 GB on disk)`);
  await runCommand(peerPython, ['-m', 'venv', folder], '.');
  writeFileSync(join(packagesOf(folder), 'peer.pth'), `${packagesOf(resolve(peerPython, '../..'))}\n`);
  const python = pythonIn(folder);
  await runCommand(python, [...quiet, '--no-deps', `vllm==${version}`], '.');
  await runCommand(python, [...quiet, ...packages], '.');
}

function packagesOf(folder: string): string {
  const names = readdirSync(join(folder, 'lib'));
  const name = must(
    names.find((one) => one.startsWith('python')),
    `Python in ${folder}`,
  );
  return join(folder, 'lib', name, 'site-packages');
}

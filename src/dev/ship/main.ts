import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { version } from '../../../package.json';
import { errorMessage } from '../../base/pure/marginError';
import { packCli } from './cliPackage';
import { drawIcon, iconSize, png } from './icon';
import { publish, type Store, stores, writePackedList } from './publish';
import { stageCommon } from './stage';
import { targetsNamed } from './targets';
import { type Packed, packVsix } from './vsix';

/** Stands among the targets for the package of npm. */
const cli = 'cli';

const usage = `node dist/ship.js package [TARGET…] [--pre-release]   packs the extension for all targets and margin for npm (cli), or only these
node dist/ship.js publish vsce|ovsx [--dry-run]       publishes what was packed; the token is in VSCE_PAT or OVSX_PAT
node dist/ship.js icon                                draws media/icon.png`;

function main([command, ...argv]: readonly string[]): number {
  const flags = argv.filter((argument) => argument.startsWith('--'));
  const names = argv.filter((argument) => !argument.startsWith('--'));
  const only = (flag: string): boolean => flags.every((one) => one === flag);
  const [store, ...more] = names;
  if (command === 'package' && only('--pre-release')) pack(names, flags.length > 0);
  else if (command === 'publish' && isStore(store) && more.length === 0 && only('--dry-run'))
    publish(store, flags.length > 0, console.log);
  else if (command === 'icon' && argv.length === 0) writeFileSync('media/icon.png', png(drawIcon(), iconSize));
  else {
    console.error(usage);
    return 2;
  }
  return 0;
}

function pack(names: readonly string[], preRelease: boolean): void {
  const packages: Packed[] = [];
  const folder = stageCommon();
  if (names.length === 0 || names.includes(cli)) console.log(packCli(join(folder, 'dist')));
  const vsix = names.filter((name) => name !== cli);
  if (names.length > 0 && vsix.length === 0) return;
  packVsix(folder, targetsNamed(vsix), preRelease, (packed) => {
    const { file, bytes, sha256 } = packed;
    packages.push(packed);
    console.log(`${file}  ${(bytes / 1e6).toFixed(1)} MB  sha256 ${sha256}`);
  });
  writePackedList({ version, preRelease, packages });
}

function isStore(name: string | undefined): name is Store {
  return name !== undefined && Object.keys(stores).includes(name);
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  console.error(errorMessage(error));
  process.exitCode = 1;
}

import { targetsNamed } from './targets';
import { packVsix } from './vsix';

/** `node dist/ship.js package [TARGET…] [--pre-release]` */
function main([command, ...argv]: readonly string[]): void {
  const flags = argv.filter((argument) => argument.startsWith('--'));
  const names = argv.filter((argument) => !argument.startsWith('--'));
  const unknown = flags.find((flag) => flag !== '--pre-release');
  if (command !== 'package' || unknown !== undefined)
    throw new Error('usage: node dist/ship.js package [TARGET…] [--pre-release]');
  packVsix(targetsNamed(names), flags.includes('--pre-release'), ({ file, bytes, sha256 }) =>
    console.log(`${file}  ${(bytes / 1e6).toFixed(1)} MB  sha256 ${sha256}`),
  );
}

main(process.argv.slice(2));

// `npm run package`: makes dist/margin-PLATFORM.vsix for this platform, with the one native runtime it needs. The files
// to pack are collected in dist/package, so that the development build in dist stays as it is.
import { execFileSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

const { platform, arch } = process;
const target = `${platform}-${arch}`;
const folder = 'dist/package';
const node = (cwd, ...args) => execFileSync(process.execPath, args, { cwd, stdio: 'inherit' });

rmSync(folder, { recursive: true, force: true });
node('.', 'esbuild.mjs', '--production', join(folder, 'dist'));
const documents = ['package.json', 'README.md', 'CHANGELOG.md', 'LICENSE', '.vscodeignore'];
for (const path of [...documents, 'media']) cpSync(path, join(folder, path), { recursive: true });
for (const path of [
  'onnxruntime-common/package.json',
  'onnxruntime-common/dist/cjs',
  'onnxruntime-node/package.json',
  'onnxruntime-node/dist',
  `onnxruntime-node/bin/napi-v6/${platform}/${arch}`,
])
  cpSync(join('node_modules', path), join(folder, 'dist/node_modules', path), { recursive: true });
node(
  folder,
  resolve('node_modules/@vscode/vsce/vsce'),
  'package',
  '--target',
  target,
  '--no-dependencies',
  '--allow-missing-repository',
  '--no-rewrite-relative-links',
  '--out',
  resolve(`dist/margin-${target}.vsix`),
);

// `npm run package`: dist/margin-PLATFORM.vsix for the platform this runs on, with the one native runtime it needs.
import { execFileSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const { platform, arch } = process;
const target = `${platform}-${arch}`;
const modules = 'dist/node_modules';
const node = (...args) => execFileSync(process.execPath, args, { stdio: 'inherit' });

node('esbuild.mjs', '--production');
rmSync(modules, { recursive: true, force: true });
for (const path of [
  'onnxruntime-common/package.json',
  'onnxruntime-common/dist/cjs',
  'onnxruntime-node/package.json',
  'onnxruntime-node/dist',
  `onnxruntime-node/bin/napi-v6/${platform}/${arch}`,
])
  cpSync(join('node_modules', path), join(modules, path), { recursive: true });
node(
  'node_modules/@vscode/vsce/vsce',
  'package',
  '--target',
  target,
  '--no-dependencies',
  '--allow-missing-repository',
  '--no-rewrite-relative-links',
  '--out',
  `dist/margin-${target}.vsix`,
);

// `npm start`: installs the packages, builds, and runs dist/start.js. This file itself runs on Node 20 and needs no
// package.
import { installPackages, packagedNode, run } from './packages.mjs';

await installPackages();
const node = packagedNode();
console.log('Building');
await run(node, ['esbuild.mjs']);
await run(node, ['dist/start.js', ...process.argv.slice(2)]);

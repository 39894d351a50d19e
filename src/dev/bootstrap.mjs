// `npm start` on a fresh clone: runs on Node 20 and without any package, installs them, builds, and hands over to
// dist/start.js.
import { installPackages, packagedNode, run } from './packages.mjs';

await installPackages();
const node = packagedNode();
console.log('Building');
await run(node, ['esbuild.mjs']);
await run(node, ['dist/start.js', ...process.argv.slice(2)]);

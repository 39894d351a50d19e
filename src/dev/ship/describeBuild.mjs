import { relative } from 'node:path';

/** The folders in node_modules whose code or data is part of a bundle, for the list of what is shipped. */
export function packagesIn(results) {
  const bundled = results.flatMap(({ metafile }) => Object.values(metafile.outputs)).flatMap(({ inputs }) => inputs);
  const files = bundled.flatMap((inputs) => Object.keys(inputs)).filter((path) => path.includes('node_modules/'));
  const folder = /^.*?node_modules\/((?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+)\/.*$/;
  return [...new Set(['@vscode/codicons', ...files.map((path) => path.replace(folder, '$1'))])].sort((a, b) =>
    a < b ? -1 : 1,
  );
}

/** The sources in each file of a build, and the files that it loads at once, for the tests of what a program loads. */
export function modulesIn(results, dist) {
  const outputs = results.flatMap(({ metafile }) => Object.entries(metafile.outputs));
  const nameOf = (path) => relative(dist, path).replaceAll('\\', '/');
  const isAtOnce = ({ kind, external }) => kind === 'import-statement' && external !== true;
  const described = ([path, { inputs, imports }]) => [
    nameOf(path),
    { modules: Object.keys(inputs).sort(), imports: imports.filter(isAtOnce).map((one) => nameOf(one.path)) },
  ];
  return Object.fromEntries(outputs.map(described).sort());
}

import { builtinModules } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';

/** `web`: VS Code without Node. */
export type World = 'pure' | 'node' | 'vscode' | 'web' | 'dom';

/** One line of the table in layers.json. */
export interface Layer {
  readonly folder: string;
  readonly world: World;
  readonly imports: readonly string[];
  readonly types: readonly string[];
}

interface Import {
  readonly target: string;
  readonly typesOnly: boolean;
}

/** The files at the root of src/ combine all others, and may import all of them. */
const compositionRoots = ['src/extension.ts'];

/** `import … from`, `export … from`, `import '…'`; names may take several lines, and quotes may be of either kind. */
const fixed = /^[ \t]*(?:import|export)\s+(type\s)?(?:([^'"`;=]*?)\s*from\s*)?["']([^"']+)["']/gm;
/** `import('…')`, `require('…')`, `import x = require('…')`. */
const called = /\b(?:import|require)\s*\(\s*["'`]([^"'`]+)["'`]/g;

export function importsOf(source: string): Import[] {
  const statements = [...source.matchAll(fixed)].map(([, type, names, target]) => ({
    target,
    typesOnly: type !== undefined || onlyTypes(names),
  }));
  const calls = [...source.matchAll(called)].map(([, target]) => ({ target, typesOnly: false }));
  return [...statements, ...calls].flatMap(({ target, typesOnly }) =>
    target === undefined ? [] : [{ target, typesOnly }],
  );
}

/** `{ type A, type B }` */
function onlyTypes(names: string | undefined): boolean {
  const inner = /^\{(.*)\}$/s.exec(names?.trim() ?? '')?.[1];
  return inner !== undefined && inner.split(',').every((name) => name.trim() === '' || name.trim().startsWith('type '));
}

/**
 * The folder of the table that a file lies in; null for a composition root. A `pure` or `node` folder inside another
 * one has a line of its own in the table.
 */
export function folderOf(path: string): string | null {
  const [top, folder, inner, ...rest] = path.split(sep);
  if (top === 'webview') return 'webview';
  if (top !== 'src' || folder === undefined || inner === undefined) return null;
  return rest.length > 0 && (inner === 'pure' || inner === 'node') ? `${folder}/${inner}` : folder;
}

/** Each import that the table does not allow, as a sentence. */
export function violations(file: string, source: string, layers: readonly Layer[]): string[] {
  if (compositionRoots.includes(file.split(sep).join('/'))) return [];
  const folder = folderOf(file);
  const layer = layers.find((one) => one.folder === folder);
  if (!layer) return [`${file} lies in no folder of the table`];
  return importsOf(source).flatMap(({ target, typesOnly }) => {
    const reason = target.startsWith('.')
      ? wrongFolder(file, target, typesOnly, layer)
      : wrongWorld(target, typesOnly, layer);
    return reason === null ? [] : [`${file} imports ${target}: ${reason}`];
  });
}

function wrongFolder(
  file: string,
  target: string,
  typesOnly: boolean,
  { folder, world, imports, types }: Layer,
): string | null {
  const path = relative('.', join(dirname(file), target));
  // Files outside of src and webview, such as package.json, belong to no folder.
  if (path.endsWith('.json')) return null;
  const to = folderOf(path);
  if (to === folder || to === 'base/pure' || (to === 'base/node' && (world === 'node' || world === 'vscode')))
    return null;
  if (to !== null && (imports.includes(to) || (typesOnly && types.includes(to)))) return null;
  return `${folder} may not import ${to ?? 'what lies outside the folders'}`;
}

function wrongWorld(target: string, typesOnly: boolean, { folder, world }: Layer): string | null {
  const name = target.replace(/^node:/, '').split('/')[0] ?? '';
  if (name === 'vscode') return world === 'vscode' || world === 'web' ? null : `only host and web know vscode`;
  if (name.startsWith('onnxruntime')) return folder === 'engine' ? null : 'only engine knows ONNX Runtime';
  const isNode = target.startsWith('node:') || builtinModules.includes(name);
  return isNode && !typesOnly && world !== 'node' && world !== 'vscode' ? `${folder} runs without Node` : null;
}

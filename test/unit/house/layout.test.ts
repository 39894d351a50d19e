import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { describe, expect, it } from 'vitest';

interface Import {
  readonly file: string;
  readonly target: string;
  readonly typesOnly: boolean;
}

/** Who may import whom, as in ARCHITECTURE.md. `host` may import types of every room. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  'base/pure': [],
  'base/node': [],
  pairs: [],
  graph: [],
  places: [],
  protocol: ['pairs', 'run'],
  jsonl: ['pairs'],
  run: ['pairs', 'places'],
  model: ['graph', 'places'],
  engine: ['graph', 'model'],
  reward: ['pairs', 'jsonl', 'model', 'engine', 'run'],
  train: ['pairs', 'graph', 'jsonl', 'run', 'model', 'engine', 'reward'],
  trl: ['pairs', 'jsonl', 'run'],
  export: ['pairs', 'graph', 'places', 'run', 'model'],
  cli: ['pairs', 'graph', 'jsonl', 'run', 'model', 'engine', 'reward', 'train', 'trl', 'export'],
  host: ['pairs', 'jsonl', 'run', 'trl', 'protocol'],
  webview: ['pairs', 'protocol'],
};
const onlyTypes: Readonly<Record<string, readonly string[]>> = {
  protocol: ['pairs', 'run'],
  host: Object.keys(mayImport).filter((room) => room !== 'webview'),
  webview: ['run'],
};
const pure = new Set(['base/pure', 'pairs', 'graph', 'protocol', 'webview']);

const files = ['src', 'webview'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name)),
);
const text = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]));
const imports = files.flatMap((file) => importsOf(file, text.get(file) ?? ''));

function importsOf(file: string, source: string): Import[] {
  const statement = /^(?:import|export)\s+(type\s)?(?:([^'";]*?)\sfrom\s+)?'([^']+)'|\bimport\('([^']+)'\)/gm;
  return [...source.matchAll(statement)].map(([, typeKeyword, names, fixed, dynamic]) => ({
    file,
    target: fixed ?? dynamic ?? '',
    typesOnly: typeKeyword !== undefined || (names !== undefined && namesAreTypes(names)),
  }));
}

/** `{ type A, type B }` */
function namesAreTypes(names: string): boolean {
  const inner = /^\{(.*)\}$/s.exec(names.trim())?.[1];
  return inner !== undefined && inner.split(',').every((name) => name.trim() === '' || name.trim().startsWith('type '));
}

/** The room a file of this project lives in: the folder below src/, or `webview`; undefined for the roots of src/. */
function roomOf(path: string): string | undefined {
  const [top, room, ...rest] = path.split(sep);
  if (top === 'webview') return 'webview';
  if (room === 'base') return `base/${rest[0]}`;
  return rest.length > 0 ? room : undefined;
}

function roomImports(): { from: string; to: string; import: Import }[] {
  return imports.flatMap((one) => {
    const from = roomOf(one.file);
    const to = one.target.startsWith('.') ? roomOf(relative('.', join(dirname(one.file), one.target))) : undefined;
    return from && to && from !== to ? [{ from, to, import: one }] : [];
  });
}

describe('the house', () => {
  it('is read at all: there are files, and imports between rooms', () => {
    expect(files.length).toBeGreaterThan(50);
    expect(roomImports().length).toBeGreaterThan(50);
  });

  it('has no room that the import table does not know', () => {
    const rooms = new Set(files.map(roomOf).filter((room) => room !== undefined));
    expect([...rooms].filter((room) => !(room in mayImport))).toEqual([]);
  });

  it('has no import that the table does not allow', () => {
    const wrong = roomImports().filter(({ from, to, import: { typesOnly } }) => {
      // Every folder may use the ground: its pure part, and where there is Node its Node part.
      if (to === 'base/pure' || (to === 'base/node' && !pure.has(from))) return false;
      const limited = onlyTypes[from]?.includes(to) ?? false;
      if (from !== 'host' && limited) return !typesOnly;
      return !(mayImport[from]?.includes(to) ?? false) && !(limited && typesOnly);
    });
    expect(wrong.map(({ import: { file, target } }) => `${file} imports ${target}`)).toEqual([]);
  });

  it('lets only host know vscode, only engine know ONNX Runtime, and no pure room know Node', () => {
    const wrong = imports.filter(({ file, target, typesOnly }) => {
      const room = roomOf(file);
      if (target === 'vscode') return room !== 'host' && file !== join('src', 'extension.ts');
      if (target.startsWith('onnxruntime')) return room !== 'engine';
      return target.startsWith('node:') && !typesOnly && room !== undefined && pure.has(room);
    });
    expect(wrong.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
  });

  it('names files in camelCase', () => {
    expect(files.map((file) => basename(file)).filter((name) => !/^[a-z][A-Za-z0-9]*(\.test|\.d)?\.ts$/.test(name))).toEqual([]);
  });

  it('has no barrel, default export, enum or file over 300 lines', () => {
    const wrong = [...text].flatMap(([file, source]) => [
      ...(basename(file) === 'index.ts' ? [`${file} is a barrel`] : []),
      ...(/^export default /m.test(source) ? [`${file} exports a default`] : []),
      ...(/^(export )?(const |declare )?enum /m.test(source) ? [`${file} has an enum`] : []),
      ...(source.split('\n').length > 301 ? [`${file} is over 300 lines`] : []),
    ]);
    expect(wrong).toEqual([]);
  });
});

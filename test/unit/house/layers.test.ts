import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderOf, importsOf, type Layer, violations } from './layerCheck';
import table from './layers.json';

const layers = table.folders as readonly Layer[];
const files = ['src', 'webview'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name)),
);

describe('the table of layers', () => {
  it('puts each folder above all that it imports, so that there are no cycles', () => {
    const wrong = layers.flatMap(({ folder, imports, types }, i) => {
      const below = new Set(layers.slice(0, i).map((layer) => layer.folder));
      return [...imports, ...types].filter((other) => !below.has(other)).map((other) => `${folder} imports ${other}`);
    });
    expect(wrong).toEqual([]);
  });

  it('names exactly the existing folders', () => {
    const there = new Set(files.map(folderOf).filter((folder) => folder !== null));
    expect([...there].sort()).toEqual(layers.map(({ folder }) => folder).sort());
  });

  it('is what ARCHITECTURE.md says', () => {
    const lines = readFileSync('ARCHITECTURE.md', 'utf8').matchAll(/^\| `(?:src\/)?([a-z/]+)` \|.*\| ([^|]*) \|$/gm);
    const said = [...lines].map(([, folder, imports]) => `${folder}: ${imports}`);
    expect(said).toEqual(layers.map((layer) => `${layer.folder}: ${inWords(layer)}`));
  });

  it('is kept by every file', () => {
    const sources = files.map((file) => [file, readFileSync(file, 'utf8')] as const);
    expect(sources.flatMap(([, source]) => importsOf(source)).length).toBeGreaterThan(500);
    expect(sources.flatMap(([file, source]) => violations(file, source, layers))).toEqual([]);
  });
});

function inWords({ imports, types }: Layer): string {
  const parts = [...imports, ...(types.length > 0 ? [`types of ${types.join(', ')}`] : [])];
  return parts.length === 0 ? '–' : parts.join(', ');
}

describe('an import that the table forbids is found:', () => {
  it.each([
    ['src/pairs/a.ts', "import { add } from '../graph/elementwise';"],
    ['src/jsonl/a.ts', 'import * as vscode from "vscode";'],
    ['src/jsonl/a.ts', "import { open } from 'node:fs/promises';"],
    ['src/jsonl/a.ts', "import { LineFile } from './node/lineFile';"],
    ['src/pairs/formats/a.ts', "export { readFile } from 'node:fs/promises';"],
    ['webview/runPanel/a.ts', "export * from '../../src/run/types';"],
    ['src/model/a.ts', "const runtime = await import('onnxruntime-node');"],
    ['src/train/a.ts', "import '../host/showError';"],
    ['src/reward/a.ts', "import {\n  Trainer,\n  type TrainerPosition,\n} from '../train/trainer';"],
    ['src/graph/a.ts', "import fs = require('fs');"],
    ['src/host/pairEditor/a.ts', "import { type SessionOptions, openScoreSession } from '../../engine/scoreSession';"],
    ['src/protocol/a.ts', "import { readRun } from '../run/find';"],
    ['webview/shared/a.ts', "import { fileError } from '../../src/base/node/fileError';"],
    ['src/cli/a.ts', 'const host = require(`../host/commands/files`);'],
    ['src/web/a.ts', "import { open } from 'node:fs/promises';"],
    ['src/web/a.ts', "import { uriName } from '../host/uriName';"],
    ['src/editor/a.ts', 'import * as vscode from "vscode";'],
    ['src/newcomer/a.ts', "import { add } from '../graph/elementwise';"],
    ['src/export/a.ts', "  import { record } from '../../test/peer/record';"],
  ])('%s: %s', (file, source) => {
    expect(violations(join(...file.split('/')), source, layers)).toHaveLength(1);
  });

  it.each([
    ['src/host/a.ts', "import type { SessionOptions } from '../engine/types';"],
    ['src/protocol/a.ts', "import { type RunState, type RunConfig } from '../run/types';"],
    ['src/pairs/a.ts', "import { MarginError } from '../base/pure/marginError';"],
    ['src/cli/a.ts', "import { version } from '../../package.json';"],
    ['src/extension.ts', "import * as vscode from 'vscode';"],
  ])('and one that it allows is not: %s: %s', (file, source) => {
    expect(violations(join(...file.split('/')), source, layers)).toEqual([]);
  });
});

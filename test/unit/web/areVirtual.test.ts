import { expect, it } from 'vitest';
import { areVirtual } from '../../../src/web/areVirtual';

const folder = (scheme: string) => ({ uri: { scheme } });

it.each([
  [[], false],
  [['file'], false],
  [['vscode-vfs'], true],
  [['vscode-vfs', 'memfs'], true],
  [['vscode-vfs', 'file'], false],
])('folders of the schemes %j are only read through VS Code: %s', (schemes, isVirtual) => {
  expect(areVirtual(schemes.map(folder))).toBe(isVirtual);
});

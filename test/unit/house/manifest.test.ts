import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const manifestText = readFileSync('package.json', 'utf8');
const manifest = JSON.parse(manifestText) as { contributes?: { commands?: { command: string }[] } };
const strings = JSON.parse(readFileSync('package.nls.json', 'utf8')) as Record<string, unknown>;
const hostText = ['src/host', 'src/extension.ts']
  .flatMap((path) => (path.endsWith('.ts') ? [path] : readdirSync(path, { recursive: true, encoding: 'utf8' }).map((name) => join(path, name))))
  .filter((path) => path.endsWith('.ts'))
  .map((path) => readFileSync(path, 'utf8'))
  .join('\n');

describe('the manifest', () => {
  const commands = (manifest.contributes?.commands ?? []).map(({ command }) => command);

  it('declares commands, all of which are registered', () => {
    expect(commands.length).toBeGreaterThan(0);
    expect(commands.filter((command) => !hostText.includes(`'${command}'`))).toEqual([]);
  });

  it('declares every command that the host registers', () => {
    const registered = [...hostText.matchAll(/registerCommand\(\s*'([^']+)'/g)].map(([, command]) => command);
    expect(registered.filter((command) => command !== undefined && !commands.includes(command))).toEqual([]);
  });

  it('has a string for every %key%, and no string that nothing uses', () => {
    const used = new Set([...manifestText.matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key ?? ''));
    expect([...used].filter((key) => !(key in strings))).toEqual([]);
    expect(Object.keys(strings).filter((key) => !used.has(key))).toEqual([]);
  });
});

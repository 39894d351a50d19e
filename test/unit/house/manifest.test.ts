import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const manifestText = readFileSync('package.json', 'utf8');
interface Step {
  readonly id: string;
  readonly media: { readonly svg: string };
  readonly completionEvents: readonly string[];
}
interface Contributions {
  readonly commands?: readonly { readonly command: string }[];
  readonly walkthroughs?: readonly { readonly id: string; readonly steps: readonly Step[] }[];
}
const manifest = JSON.parse(manifestText) as { contributes?: Contributions };
const strings = JSON.parse(readFileSync('package.nls.json', 'utf8')) as Record<string, unknown>;
const hostText = ['src/host', 'src/extension.ts']
  .flatMap((path) =>
    path.endsWith('.ts')
      ? [path]
      : readdirSync(path, { recursive: true, encoding: 'utf8' }).map((name) => join(path, name)),
  )
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

  it('has a walkthrough whose steps have pictures that are packed, and complete by what the host tells', () => {
    const [walkthrough] = manifest.contributes?.walkthroughs ?? [];
    const ignored = readFileSync('.vscodeignore', 'utf8');
    const steps = walkthrough?.steps ?? [];
    expect(hostText).toContain(`'margin.margin#${walkthrough?.id}'`);
    expect(steps.map(({ id }) => id)).toEqual(['open', 'fix', 'train', 'watch', 'inspect']);
    for (const { media, completionEvents } of steps) {
      expect(readFileSync(media.svg, 'utf8')).toContain('var(--vscode-');
      expect(ignored).toContain('!media/walkthrough/*.svg');
      for (const event of completionEvents) {
        // VS Code forgets other events that came before a walkthrough was opened; contexts are told again.
        expect(event).toMatch(/^onContext:margin\.\w+$/);
        expect(hostText + readFileSync('src/extension.ts', 'utf8')).toContain(
          `did('${event.replace('onContext:margin.', '')}')`,
        );
      }
    }
  });
});

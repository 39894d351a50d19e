import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { turnEdits } from '../../../src/editor/turnCommand';
import { commandIds } from '../../../src/host/commands/commandIds';

interface Step {
  readonly id: string;
  readonly media: { readonly svg: string };
  readonly completionEvents: readonly string[];
}
interface Item {
  readonly command: string;
  readonly when?: string;
}
interface Manifest {
  readonly activationEvents: readonly string[];
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly restrictedConfigurations?: readonly string[] };
  };
  readonly contributes: {
    readonly configuration: { readonly properties: Readonly<Record<string, object>> };
    readonly commands: readonly { readonly command: string; readonly enablement?: string }[];
    readonly menus: Readonly<Record<string, readonly Item[]>>;
    readonly keybindings: readonly Item[];
    readonly views: Readonly<Record<string, readonly { readonly when?: string }[]>>;
    readonly languageModelTools: readonly { readonly when?: string }[];
    readonly walkthroughs: readonly { readonly id: string; readonly when?: string; readonly steps: readonly Step[] }[];
  };
}
const manifestText = readFileSync('package.json', 'utf8');
const manifest = JSON.parse(manifestText) as Manifest;
const declared = manifest.contributes.commands.map(({ command }) => command);

const matches = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].flatMap(([, id]) => id ?? []);

/** The commands of `src/web/browserCommands.ts`. */
const inBrowser = [
  ...Object.keys(turnEdits),
  ...matches(readFileSync('src/web/browserCommands.ts', 'utf8'), /'(margin\.[\w.]+)':/g),
];

/** The sources of the extension host, by path. */
const hostFiles = new Map(
  [
    'src/extension.ts',
    ...readdirSync('src/host', { recursive: true, encoding: 'utf8' }).map((name) => join('src/host', name)),
  ]
    .filter((path) => path.endsWith('.ts'))
    .map((path) => [path, readFileSync(path, 'utf8')]),
);
const hostText = [...hostFiles.values()].join('\n');

describe('the manifest', () => {
  it('declares exactly the commands that have handlers', () => {
    // The compiler checks that the handlers and this list have the same commands.
    expect([...declared].sort()).toEqual([...commandIds].sort());
  });

  it('has its commands registered in one place', () => {
    const places = [...hostFiles].filter(([, text]) => text.includes('registerCommand(')).map(([path]) => path);
    expect(places).toEqual([join('src', 'host', 'commands.ts')]);
  });

  it('names only declared commands in menus, texts and code', () => {
    const used = [
      ...matches(manifestText, /"command": "(margin\.[\w.]+)"/g),
      ...matches(manifestText, /\(command:(margin\.[\w.]+)\)/g),
      ...matches(hostText, /(?:executeCommand\(|run\(|command: |path: )'(margin\.[\w.]+)'/g),
    ];
    // VS Code makes a command NAME.focus for each view.
    const own = used.filter((id) => !id.endsWith('.focus'));
    expect(own.length).toBeGreaterThan(declared.length);
    expect([...new Set(own)].filter((id) => !declared.includes(id))).toEqual([]);
  });

  it('hides where no Node is what the browser does not have', () => {
    const { commands, menus, keybindings, views, walkthroughs, languageModelTools } = manifest.contributes;
    // These contexts, and the views, are only where Node is.
    const isHidden = (when = ''): boolean =>
      /!margin\.web|(?:^|[^!])margin\.reviewing|margin\.round|view == margin\./.test(when);
    const needNode = new Set(declared.filter((id) => !inBrowser.includes(id)));
    const items = [
      ...keybindings,
      ...Object.entries(menus).flatMap(([menu, all]) => (menu === 'commandPalette' ? [] : all)),
    ];
    const shown = [
      ...commands.filter(({ command, enablement }) => needNode.has(command) && !isHidden(enablement)),
      ...items.filter(({ command, when }) => needNode.has(command) && !isHidden(when)),
      ...[...Object.values(views).flat(), ...walkthroughs, ...languageModelTools].filter(({ when }) => !isHidden(when)),
    ];
    expect(shown).toEqual([]);
    const lost = commands.filter(({ command, enablement }) => inBrowser.includes(command) && isHidden(enablement));
    expect(lost).toEqual([]);
  });

  it('takes settings that name programs, servers or places of runs from no folder that is not trusted', () => {
    const settings = Object.keys(manifest.contributes.configuration.properties);
    const acting = /target|command|path|program|python|executable|shell|endpoint|server|url|argument|environment/i;
    const restricted: readonly string[] = manifest.capabilities.untrustedWorkspaces.restrictedConfigurations ?? [];
    expect(settings.length).toBeGreaterThan(5);
    expect(settings.filter((name) => acting.test(name) && !restricted.includes(name))).toEqual([]);
    expect(restricted.filter((name) => !settings.includes(name))).toEqual([]);
  });

  it('has no string from a translation file, because Margin speaks English only', () => {
    expect(manifestText).not.toMatch(/"%[^"]+%"/);
    expect(hostText).not.toContain('l10n');
  });

  it('starts the extension when a folder holds data or runs, not in every window', () => {
    expect(manifest.activationEvents.filter((event) => event === '*' || event.startsWith('onStartup'))).toEqual([]);
    // VS Code derives onView, onCommand, onCustomEditor and onWalkthrough from the contributions, but not this one.
    expect(manifest.activationEvents).toContain('onWebviewPanel:margin.run');
    expect(hostText).toContain("tabType = 'margin.run'");
  });

  it('has a walkthrough whose pictures are packed, and whose steps wait for contexts that the host sets', () => {
    const { walkthroughs } = manifest.contributes;
    const ignored = readFileSync('.vscodeignore', 'utf8');
    const ids = walkthroughs.map(({ id, steps }) => [id, ...steps.map((step) => step.id)].join(' '));
    expect(ids).toEqual(['getStarted open fix train watch inspect', 'secondRound draft judge trainRound']);
    expect(hostText).toContain(`'margin.margin#getStarted'`);
    // The first one leads to the second.
    expect(manifestText).toContain('openWalkthrough?%22margin.margin%23secondRound%22');
    for (const { media, completionEvents } of walkthroughs.flatMap(({ steps }) => steps)) {
      expect(readFileSync(media.svg, 'utf8')).toContain('var(--vscode-');
      expect(ignored).toContain('!media/walkthrough/*.svg');
      for (const event of completionEvents) {
        // VS Code drops other events that came before the walkthrough opened; a context can be set again.
        expect(event).toMatch(/^onContext:margin\.\w+$/);
        expect(hostText).toContain(`did('${event.replace('onContext:margin.', '')}')`);
      }
    }
  });
});

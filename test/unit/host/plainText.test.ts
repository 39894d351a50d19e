import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { plainLabel, plainLine, plainLines, plainMessage } from '../../../src/base/pure/plainText';

/**
 * VS Code's patterns for links in a message (`base/common/linkedText.ts`) and icons in a label
 * (`base/common/iconLabels.ts`).
 */
const linkInMessage = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;
const iconInLabel = /(\\)?\$\([A-Za-z0-9-]+(?:~[A-Za-z]+)?\)/;

const hostile = [
  '[Repair](command:workbench.action.quit)',
  '[[Repair]](command:workbench.action.quit)',
  '[Repair](command:workbench.action.quit "A title")',
  '[here](https://example.com) and [there](file:///etc/passwd)',
  '$(flame) $(loading~spin) \\$(flame) $($(flame)',
  'one\r\ntwo\nthree\u2028four\u2029five',
  'abc\u202edcba\u202c \u2066x\u2069 \u200bzero\ufeff \u{e0041}tag',
  '\u001b[2J\u0007\u0000bell\u009b31m',
  '[a\u200b]\u200b(command:workbench.action.quit)',
];

describe('text of files outside the views', () => {
  it.each(hostile)('holds no link, no icon and one line in a notification: %j', (text) => {
    const shown = plainMessage(`Run ${text} failed: ${text}`);
    expect(shown).not.toMatch(linkInMessage);
    expect(shown).not.toMatch(iconInLabel);
    expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  });

  it.each(hostile)('holds no icon and one line in a list: %j', (text) => {
    expect(plainLabel(text)).not.toMatch(iconInLabel);
    expect(plainLabel(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  });

  it('has no link even where two texts meet', () => {
    expect(plainMessage(`${'[a]'}${'(command:workbench.action.quit)'}`)).toBe('[a] (command:workbench.action.quit)');
  });

  it('writes characters that hide or reverse text as escapes', () => {
    expect(plainLine('a\u202eb\u0007')).toBe('a\\u{202e}b\\u{7}');
  });

  it('keeps the lines of a detail, tabs as spaces', () => {
    expect(plainLines('one\r\n\ttwo\u001b')).toBe('one\n two\\u{1b}');
  });

  it('does not change ordinary names, in any script', () => {
    for (const text of [
      'prefs-dpo',
      'beta[0.1] (two runs)',
      'costs $5 (USD)',
      'Gr\u00fc\u00dfe \u4f60\u597d \u05e9\u05dc\u05d5\u05dd',
      '\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645',
      '\u{1f468}\u200d\u{1f469}',
    ]) {
      expect(plainMessage(text)).toBe(text);
    }
  });

  it('cuts a name of a megabyte', () => {
    expect(plainLabel('x'.repeat(1_000_000)).length).toBeLessThan(600);
  });
});

describe('the host', () => {
  const files = readdirSync('src/host', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const callers = (pattern: RegExp): string[] =>
    files.filter((name) => pattern.test(readFileSync(join('src/host', name), 'utf8'))).sort();

  it('shows notifications, questions and progress in one place, which makes their text plain', () => {
    expect(callers(/\b(show(Information|Warning|Error)Message|withProgress|setStatusBarMessage)\(/)).toEqual([
      'notices.ts',
    ]);
  });

  it('shows quick picks in one place', () => {
    expect(callers(/\b(showQuickPick|createQuickPick)\b/)).toEqual(['quickSteps.ts']);
    const inBrowser = readdirSync('src/web').filter((name) =>
      readFileSync(join('src/web', name), 'utf8').includes('QuickPick('),
    );
    expect(inBrowser).toEqual(['pickOne.ts']);
  });

  it('makes the texts of trees, problems and the status bar plain', () => {
    for (const name of callers(/new vscode\.(TreeItem|Diagnostic)\(|createStatusBarItem\(/)) {
      expect(readFileSync(join('src/host', name), 'utf8'), name).toMatch(/plain(Label|Line)/);
    }
  });

  it('passes no text of a file to VS Code as Markdown', () => {
    // The hover has numbers and a link of its own; the name of a run goes through appendText, which escapes it.
    expect(callers(/MarkdownString/)).toEqual(['lineRewards/lineHover.ts']);
    expect(callers(/appendMarkdown\([^)]*(?:label|name)/)).toEqual([]);
  });
});

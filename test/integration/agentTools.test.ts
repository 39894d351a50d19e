import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';

const names = ['margin_query', 'margin_stats', 'margin_suspects', 'margin_convert'];
const rows = ['sky', 'sea', 'sun'].map((word) => ({
  prompt: `Why ${word}?`,
  chosen: `Because of ${word}.`,
  rejected: 'No.',
}));

function folder(): string {
  const found = vscode.workspace.workspaceFolders?.[0];
  ok(found, 'the tests need a workspace');
  return found.uri.fsPath;
}

/** Calls a tool as a chat agent does. @returns the JSON of its result */
async function invoke(name: string, input: object): Promise<Record<string, unknown>> {
  const { content } = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined });
  const [part] = content;
  ok(part instanceof vscode.LanguageModelTextPart);
  return JSON.parse(part.value) as Record<string, unknown>;
}

describe('tools for chat agents', () => {
  before(() => writeFile(join(folder(), 'asked.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join('')));

  it('are listed with the schemas of their input', () => {
    const listed = vscode.lm.tools.filter(({ name }) => name.startsWith('margin_'));
    deepEqual(listed.map(({ name }) => name).sort(), [...names].sort());
    for (const { description, inputSchema } of listed) {
      ok(description.length > 100);
      ok(inputSchema);
    }
  });

  it('find rows, and say how many there are', async () => {
    const found = await invoke('margin_query', { file: 'asked.jsonl', query: 'prompt:/sky|sun/', limit: 1 });
    const { found: count, shown } = found;
    deepEqual({ count, shown }, { count: 2, shown: 1 });
    ok(JSON.stringify(found).includes('Because of sky.'));
  });

  it('count, and convert without writing', async () => {
    equal((await invoke('margin_stats', { file: 'asked.jsonl' }))['pairs'], 3);
    const { lines, report } = await invoke('margin_convert', { file: 'asked.jsonl', to: 'openai', limit: 1 });
    ok(Array.isArray(lines) && lines.length === 1);
    match(JSON.stringify(report), /"written":3/);
  });

  it('say why they fail: a mistake in a query, a file outside of the workspace, no run that has scored', async () => {
    await rejects(invoke('margin_query', { file: 'asked.jsonl', query: 'lenght(chosen)>3' }), /did you mean length/);
    await writeFile(join(tmpdir(), 'outside.jsonl'), '{}\n');
    await rejects(invoke('margin_stats', { file: join(tmpdir(), 'outside.jsonl') }), /outside of the workspace/);
    await rejects(invoke('margin_suspects', { file: 'asked.jsonl' }), /No run of this workspace has scored/);
  });

  it('write a file that a person has confirmed; VS Code confirms by itself in tests', async () => {
    const input = { file: 'asked.jsonl', to: 'trl', out: 'converted.jsonl' };
    match(JSON.stringify((await invoke('margin_convert', input))['report']), /"written":3/);
    ok(existsSync(join(folder(), 'converted.jsonl')));
    await rejects(invoke('margin_convert', { ...input, out: '../out.jsonl' }), /outside of the workspace/);
    await rejects(invoke('margin_convert', { ...input, out: 'settings.json' }), /must end in \.jsonl/);
  });
});

import { mkdir, mkdtemp, readFile, realpath, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AgentTool, ToolWork } from '../../../../src/host/agentTools/agentTool';
import { convertTool } from '../../../../src/host/agentTools/convertTool';
import { LinesOfCommand } from '../../../../src/host/agentTools/linesOfCommand';
import { queryTool } from '../../../../src/host/agentTools/queryTool';
import { statsTool } from '../../../../src/host/agentTools/statsTool';
import { suspectsTool } from '../../../../src/host/agentTools/suspectsTool';
import { newWorkspacePath, workspacePath } from '../../../../src/host/agentTools/workspacePath';
import { pairKey } from '../../../../src/jsonl/node/pairKey';
import { detectAll } from '../../../../src/pairs/reading';
import { readPair } from '../../../../src/pairs/readPair';
import { contributes } from '../../../../package.json';
import { targets } from '../../../../src/pairs/convert/table';
import { CommandLine } from '../../cli/commandLine';

const program = new CommandLine();
const count = 60;
const rows = Array.from({ length: count }, (_, i) => ({
  prompt: `Question ${i}`,
  chosen: i === 7 ? 'good '.repeat(1000) : `good ${i}`,
  rejected: `bad ${i}`,
}));

/** Runs the tools on the command line in this process, in a workspace that is its folder. */
function work(mostCharacters = 40_000): ToolWork {
  const roots = [program.folder];
  return {
    path: (given) => workspacePath(given, roots),
    newPath: (given) => newWorkspacePath(given, roots),
    run: (given) => workspacePath(given, roots),
    runsOf: () => Promise.resolve([]),
    readingOf: () => ['--data_format', 'explicit-plain'],
    mostCharacters,
    async margin(argv, onLine) {
      const { code, out, err } = await program.runHere(argv);
      const lines = new LinesOfCommand(onLine);
      for (const line of out.split('\n')) if (line !== '') lines.out(line);
      for (const line of err.split('\n')) lines.err(line);
      return lines.end(code, err);
    },
  };
}

function reward(row: object, index: number): string {
  const read = readPair(JSON.stringify(row), detectAll);
  const key = read.kind === 'pair' ? pairKey(read.pair) : '';
  const margin = index % 10 === 0 ? -2 : 1 + index / count;
  const side = (value: number): object => ({ logp: value - 10, ref_logp: -10, reward: value, tokens: 5 });
  return JSON.stringify({ row: index, line: index + 1, key, chosen: side(margin), rejected: side(0), margin });
}

const asked = async <Input>(tool: AgentTool<Input>, input: Input, most?: number): Promise<object> => {
  const found = await tool.invoke(input, work(most));
  expect(found).toBeTypeOf('object');
  return Object(found) as object;
};

beforeAll(async () => {
  const lines = (values: readonly string[]): string => `${values.join('\n')}\n`;
  await writeFile(join(program.folder, 'a.jsonl'), lines(rows.map((row) => JSON.stringify(row))));
  await writeFile(join(program.folder, 'a.rewards'), lines(rows.map(reward)));
});

describe('tools for chat agents', () => {
  it('query says how many rows there are in all, and cuts long texts and long results', async () => {
    const found = await asked(queryTool, { file: 'a.jsonl', query: 'chosen:good', limit: 8 });
    expect(found).toMatchObject({ found: count, shown: 8 });
    expect(JSON.stringify(found)).toContain('… (3,000 more characters)');
    expect(await asked(queryTool, { file: 'a.jsonl', query: 'chosen:good' }, 300)).toMatchObject({
      found: count,
      shown: 2,
    });
    expect(await asked(queryTool, { file: 'a.jsonl', query: '-line:1', limit: 0 })).toMatchObject({
      found: count - 1,
      shown: 0,
    });
    expect(await asked(queryTool, { file: 'a.jsonl', query: 'line:3', limit: 5 })).toMatchObject({
      found: 1,
      shown: 1,
    });
  });

  it('query sorts, and asks the rewards of a run', async () => {
    const input = { file: 'a.jsonl', query: 'margin:<0', run: 'a.rewards', sort: '-row', limit: 1 };
    expect(await asked(queryTool, input)).toMatchObject({ found: 6, rows: [{ row: 51 }] });
  });

  it('stats counts, and says which charts it leaves out', async () => {
    const all = await asked(statsTool, { file: 'a.jsonl', filter: 'line:1..10' });
    expect(all).toMatchObject({ file: 'a.jsonl', rows: 10, chartsLeftOut: 0 });
    expect(await asked(statsTool, { file: 'a.jsonl' }, 10)).toMatchObject({ charts: [{ id: 'lengths' }] });
  });

  it('suspects has the most certain first, and says what is missing without a run', async () => {
    const found = await asked(suspectsTool, { file: 'a.jsonl', runs: ['a.rewards'], limit: 2 });
    expect(found).toMatchObject({ shown: 2, rows: [{ verdict: 'flipped' }, { verdict: 'flipped' }] });
    await expect(asked(suspectsTool, { file: 'a.jsonl' })).rejects.toMatchObject({ code: 'not-scored' });
  });

  it('convert writes nothing without a file, and asks a person before it writes one', async () => {
    const input = { file: 'a.jsonl', to: 'openai', limit: 2 };
    expect(convertTool.confirm(input)).toBeNull();
    expect(await asked(convertTool, input)).toMatchObject({ shown: 2, report: { read: count, written: count } });
    const writing = { ...input, out: 'b.jsonl' };
    expect(convertTool.confirm(writing)?.message).toContain('writes b.jsonl. A file with that name is replaced.');
    expect(await asked(convertTool, writing)).toMatchObject({ out: 'b.jsonl', report: { written: count } });
    expect((await readFile(join(program.folder, 'b.jsonl'), 'utf8')).split('\n')).toHaveLength(count + 1);
    await expect(asked(convertTool, { ...input, out: 'package.json' })).rejects.toMatchObject({ code: 'not-writable' });
  });

  it('hand on the message of the command', async () => {
    const wrong = asked(queryTool, { file: 'a.jsonl', query: 'lenght(chosen)>3' });
    await expect(wrong).rejects.toThrow('did you mean length?');
  });

  it('are declared with the inputs they take', () => {
    const declared = contributes.languageModelTools;
    expect(declared.map(({ name }) => name)).toEqual(
      [queryTool, statsTool, suspectsTool, convertTool].map(({ name }) => name),
    );
    expect(declared[3]?.inputSchema.properties).toMatchObject({ to: { enum: targets.map(({ id }) => id) } });
  });
});

describe('the files of a tool', () => {
  it('lie within the workspace, also behind links', async () => {
    const root = await realpath(program.folder);
    const outside = await mkdtemp(join(tmpdir(), 'margin-outside-'));
    await writeFile(join(outside, 'x.jsonl'), '');
    await mkdir(join(root, 'sub'));
    await symlink(outside, join(root, 'way'));
    await symlink(join(outside, 'x.jsonl'), join(root, 'link.jsonl'));
    expect(await workspacePath('a.jsonl', [root])).toBe(join(root, 'a.jsonl'));
    expect(await workspacePath('a.jsonl', [join(root, 'sub'), root])).toBe(join(root, 'a.jsonl'));
    for (const given of ['way/x.jsonl', 'link.jsonl', join(outside, 'x.jsonl'), '..'])
      await expect(workspacePath(given, [root]), given).rejects.toMatchObject({ code: 'outside-workspace' });
    for (const given of ['way/new.jsonl', '../new.jsonl', join(outside, 'new.jsonl')])
      await expect(newWorkspacePath(given, [root]), given).rejects.toMatchObject({ code: 'outside-workspace' });
    await expect(newWorkspacePath('link.jsonl', [root])).rejects.toMatchObject({ code: 'not-writable' });
    await expect(newWorkspacePath('none/new.jsonl', [root])).rejects.toMatchObject({ code: 'missing' });
    await expect(workspacePath('none.jsonl', [root])).rejects.toMatchObject({ code: 'missing' });
    await expect(workspacePath('a.jsonl', [])).rejects.toMatchObject({ code: 'no-workspace' });
    expect(await newWorkspacePath('sub/new.jsonl', [root])).toBe(join(root, 'sub', 'new.jsonl'));
  });
});

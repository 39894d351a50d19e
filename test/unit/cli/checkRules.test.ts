import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../run/temporaryFolder';
import { CommandLine } from './commandLine';
import { sarifProblems } from './sarifCheck';

const program = new CommandLine();
const rows = [
  '{"prompt": "Q", "chosen": "Ask jane@posteo.de.", "rejected": "No."}',
  '{"prompt": "R", "chosen": "Yes.", "rejected": ""}',
  '{"prompt": "R", "chosen": "Yes.", "rejected": ""}',
];

async function folderWith(lines: readonly string[]): Promise<string> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'a b.jsonl'), lines.join('\n'));
  return folder;
}

it('--rule gives a rule another severity, which counts for the exit code, and says which rules are off', async () => {
  const folder = await folderWith(rows);
  const argv = ['check', 'a b.jsonl', '--rule', 'empty-answer=off', '--rule', 'personal-data=error'];
  const { code, out, err } = await program.run(argv, folder);
  expect(out.trimEnd().split('\n')).toEqual([
    'a b.jsonl:1: error: chosen holds an e-mail address: replace it, unless it is made up. [personal-data]',
    'a b.jsonl:3: warning: The same pair as line 2: delete one of the two. [duplicate]',
  ]);
  expect([code, err]).toEqual([1, '1 file, 3 rows: 1 error, 1 warning, 0 to look at\n1 rule is off: empty-answer\n']);
});

it('--rule without a severity checks only this rule, and whether the rows can be used', async () => {
  const folder = await folderWith([...rows, '{"prompt": ']);
  const { out, err } = await program.runHere(['check', 'a b.jsonl', '--rule', 'duplicate'], folder);
  expect(out.match(/\[[a-z-]+\]$/gm)).toEqual(['[duplicate]', '[not-json]']);
  expect(err).toMatch(/only checked: duplicate, and whether the rows can be used\n$/);
});

it('an unknown rule is wrong usage, with the nearest id; --rules lists all', async () => {
  const { code, err } = await program.runHere(['check', 'a.jsonl', '--rule', 'personal_dat=off']);
  expect([code, err.split('\n')[0]]).toEqual([
    2,
    'margin check: --rule: there is no rule personal_dat; did you mean personal-data?',
  ]);
  const { out } = await program.runHere(['check', '--rules']);
  expect(out).toMatch(/^ {2}personal-data +info +Data that may be about a person$/m);
});

it('--format sarif prints one log, with the rules, and files relative to the folder', async () => {
  const folder = await folderWith([...rows, '{"prompt": x}']);
  await writeFile(join(folder, 'lists.jsonl'), '{"chosen": "a", "rejected": "b", "note": "c"}\n'.repeat(3));
  const { code, out, err } = await program.runHere(['check', 'a b.jsonl', 'lists.jsonl', '--format', 'sarif'], folder);
  const log: unknown = JSON.parse(out);
  expect(sarifProblems(log)).toEqual([]);
  expect([code, err]).toEqual([1, '']);
  expect(log).toMatchObject({
    runs: [
      {
        results: expect.arrayContaining([
          expect.objectContaining({
            ruleId: 'not-json',
            level: 'error',
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: 'a%20b.jsonl' },
                  region: { startLine: 4, startColumn: 12 },
                },
              },
            ],
          }),
          expect.objectContaining({ ruleId: 'no-prompts', occurrenceCount: 3 }),
        ]),
      },
    ],
  });
});

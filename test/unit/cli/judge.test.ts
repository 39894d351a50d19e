import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { appendDrafts, appendJudgements, readJudgements } from '../../../src/run/rounds/lines';
import { roundPaths } from '../../../src/run/rounds/paths';
import { writeRounds } from '../../../src/run/rounds/record';
import { draft, judgement, roundsRecord } from '../run/rounds/roundSamples';
import { CommandLine } from './commandLine';

const program = new CommandLine();
const model = resolve('media/sample/model');
const rule = resolve('media/sample/kind.rule.json');

/** A round with the drafts of two prompts. @returns the file of its judgements */
async function drafted(name: string): Promise<string> {
  const folder = join(program.folder, '.margin', 'rounds', name);
  await writeRounds(folder, { ...roundsRecord, name });
  const other = [{ role: 'user', content: 'What is 1 plus 2?' }];
  appendDrafts(roundPaths.drafts(folder, 1), [
    draft(0, 'Grey. Go away.', { tokens: 5 }),
    draft(1, 'Good question. A stone is grey.', { tokens: 9 }),
    draft(0, 'Sure! 1 plus 2 is 3.', { prompt: other, prompt_key: 'sum', tokens: 9 }),
    draft(1, '3. Stop asking.', { prompt: other, prompt_key: 'sum', tokens: 5 }),
  ]);
  return roundPaths.judgements(folder, 1);
}

describe('margin judge', () => {
  it('with a rule ranks the drafts, says what the judge is, and compares it with the person', async () => {
    const path = await drafted('ruled');
    appendJudgements(path, [judgement({ best: 1, worst: 0 }), judgement({ prompt_key: 'sum', best: 0, worst: 1 })]);
    const { code, err, out } = await program.runHere(['judge', 'ruled', '--judge', 'reward', '--rule', rule]);
    expect(code, err).toBe(0);
    expect(err).toContain('Judged by a rule: kind answers in a full sentence');
    expect(out).toContain('reward: 2 prompts judged, 2 of them ranked');
    expect(out).toContain('length: prefers the longer answer in 100 %');
    expect(out).toContain('agrees with the person on 100 % of 2 prompts, κ 1.00');
  });

  it('with a model shows the first question, asks in both orders, and says how the order decides', async () => {
    const path = await drafted('model');
    const { code, err, json } = await program.runHere(['judge', 'model', '--judge', model, '--json']);
    expect(code, err).toBe(0);
    expect(err).toContain('[Answer A]\nGrey. Go away.');
    const { lines } = await readJudgements(path);
    expect(lines.map(({ order }) => order.join())).toEqual(['0,1', '1,0', '0,1', '1,0']);
    expect(lines[0]?.reason).toMatch(/^log-prob of A -[\d.]+, of B -[\d.]+$/);
    expect(json().at(-1)).toMatchObject({ figures: { judge: 'model:model', inOrders: 2 } });
  });

  it('with a template of a person asks that', async () => {
    await drafted('template');
    const template = join(program.folder, 'template.txt');
    await writeFile(template, 'Kinder? {prompt} A: {a} B: {b}');
    const { err } = await program.runHere(['judge', 'template', '--judge', model, '--template', template]);
    expect(err).toContain('Kinder? What colour is a stone? A: Grey. Go away. B: Good question.');
    expect((await program.runHere(['judge', '--print_template'])).out).toContain('[Answer B]\n{b}');
  });

  it('at an endpoint sends nothing before a person agrees', async () => {
    const path = await drafted('far');
    const asked = ['judge', 'far', '--judge', 'http://127.0.0.1:9/v1', '--endpoint_model', 'm'];
    const { code, err } = await program.runHere(asked);
    expect(code).toBe(1);
    expect(err).toContain('The first of 4 requests to http://127.0.0.1:9/v1/chat/completions');
    expect(err).toContain('Nothing was sent.');
    expect((await program.runHere([...asked, '--yes'])).err).toContain('cannot be reached');
    expect((await readJudgements(path)).lines).toEqual([]);
  });

  it('imports the judgements of a person, once', async () => {
    const path = await drafted('import');
    const from = join(program.folder, 'theirs.jsonl');
    appendJudgements(from, [
      judgement(),
      judgement({ judge: 'reward' }),
      judgement({ prompt_key: 'gone' }),
      judgement({ best: 5 }),
    ]);
    const asked = ['judge', 'import', '--judge', 'person', '--from', from];
    expect((await program.runHere(asked)).err).toContain('1 judgements imported; 3 of other judges or rounds');
    await program.runHere(asked);
    expect((await readJudgements(path)).lines).toEqual([judgement()]);
  });

  it.each([
    [['judge'], 2, 'NAME is missing'],
    [['judge', 'none', '--judge', 'reward', '--rule', rule], 1, 'There are no rounds named none'],
    [['judge', 'ruled', '--judge', 'reward'], 2, 'needs either --rule or --reward_model'],
    [['judge', 'ruled', '--judge', model, '--rule', rule], 2, '--rule is for --judge reward'],
    [
      ['judge', 'ruled', '--judge', 'reward', '--rule', rule, '--template', 'a'],
      2,
      '--template is not for --judge reward',
    ],
    [['judge', 'ruled', '--judge', 'person'], 2, '--from is missing'],
    [['judge', 'ruled', '--round', '2'], 1, 'no round 2'],
    [['judge', 'ruled', '--judge', 'nowhere'], 1, 'nowhere'],
  ])('%j fails with %i', async (args, wanted, message) => {
    const { code, err } = await program.runHere(args);
    expect([code, err]).toEqual([wanted, expect.stringContaining(message)]);
  });
});

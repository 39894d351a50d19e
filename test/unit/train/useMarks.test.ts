import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { must } from '../../../src/base/pure/must';
import { pairKeys } from '../../../src/jsonl/node/pairKey';
import type { Edit } from '../../../src/pairs/edits';
import { type MarkedRow, plannedEdits } from '../../../src/pairs/marks/applyMarks';
import { type Mark, newMark } from '../../../src/pairs/marks/mark';
import { markLine } from '../../../src/pairs/marks/markLines';
import { marksName } from '../../../src/pairs/marks/marksName';
import { detectAll } from '../../../src/pairs/reading';
import { readPair } from '../../../src/pairs/readPair';
import { resolveRun } from '../../../src/run/resolve';
import type { RunEvent, TrainConfig } from '../../../src/run/types';
import { checkRun } from '../../../src/train/checkRun';
import { failureOf } from '../model/files';
import { ofKind, onlySteps, runFolder, stopAfter, train } from './runs';
import { sampleRun } from './sampleRun';

const at = '2026-11-29T12:00:00Z';
const verdicts: readonly Partial<Mark>[] = [
  { verdict: 'swap', strength: 3 },
  { verdict: 'both_bad' },
  { verdict: 'tie' },
  { verdict: 'keep', strength: 1 },
  { flag: true },
  { verdict: 'swap' },
];

/** A sample run whose first rows have marks; also these rows and their marks. */
async function markedRun(): Promise<{
  readonly config: TrainConfig;
  readonly lines: string[];
  readonly rows: MarkedRow[];
}> {
  const config = await sampleRun({ use_marks: true, max_steps: 3, save_steps: 1, lora_target_modules: ['q_proj'] });
  const lines = (await readFile(config.train_file, 'utf8')).trim().split('\n');
  const rows = verdicts.map((verdict, row) => {
    const line = must(lines[row], 'a line');
    const read = readPair(line, detectAll);
    if (read.kind !== 'pair') throw new Error(`line ${row + 1} holds no pair`);
    return { row, line, marks: [{ ...newMark(pairKeys(read.pair).own, 'ada'), at, ...verdict }] };
  });
  await write(
    config,
    rows.flatMap(({ marks }) => marks),
  );
  return { config, lines, rows };
}

const write = (config: TrainConfig, marks: readonly Mark[]): Promise<void> =>
  writeFile(marksName(config.train_file), marks.map((mark) => `${markLine(mark)}\n`).join(''));

const losses = (events: readonly RunEvent[]): unknown[] =>
  ofKind(events, 'train').map(({ step, metrics }) => [step, metrics.loss, metrics['rewards/margins']]);
const notes = (events: readonly RunEvent[]): string[] =>
  events.flatMap((event) => (event.kind === 'note' ? [event.message] : []));

function edited(lines: readonly string[], edits: readonly Edit[]): string[] {
  const now = [...lines];
  for (const edit of edits) {
    if (edit.op === 'replace') now[edit.row] = edit.line;
    else if (edit.op === 'delete') now.splice(edit.row, edit.lines.length);
  }
  return now;
}

describe('a run that uses marks', () => {
  it('has the losses of a run on the file after its marks were applied, and notes what it applied', async () => {
    const { config, lines, rows } = await markedRun();
    const events = await train(await runFolder(config), onlySteps);
    const { edits } = plannedEdits(rows, { ties: 'drop', weights: true }, detectAll);
    await writeFile(config.train_file, edited(lines, edits).join('\n'));
    const byHand = await train(await runFolder({ ...config, use_marks: false }), onlySteps);
    expect(losses(events)).toHaveLength(3);
    expect(losses(events)).toEqual(losses(byHand));
    expect(notes(events)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/2 pairs of .* are swapped, as their marks say: lines 1, 6$/),
        expect.stringMatching(/both answers are bad: line 2$/),
        expect.stringMatching(/neither answer is better: line 3$/),
        expect.stringMatching(/2 pairs of .* get their weights from the strength .*: lines 1, 4$/),
        expect.stringMatching(/flagged or skipped without a verdict .*: line 5$/),
      ]),
    );
  });

  it('says what is wrong with its marks file once, also if it holds out rows of the same file', async () => {
    const { config, rows } = await markedRun();
    const held = { ...config, test_split_size: 0.4, eval_steps: 0 };
    const remarks = async (): Promise<string[]> => (await checkRun(held)).map(({ code }) => code);
    expect((await remarks()).filter((code) => code === 'marks-swap' || code === 'no-marks')).toContain('marks-swap');
    expect(await remarks()).not.toContain('no-marks');
    const lines = rows.flatMap(({ marks }) =>
      marks.map((mark) => markLine({ ...mark, verdict: null, strength: null })),
    );
    await writeFile(marksName(config.train_file), `${lines.join('\n')}\n{"kind"\n`);
    const told = (await remarks()).filter((code) => code === 'marks-damaged' || code === 'no-marks');
    expect(told).toEqual(['marks-damaged', 'no-marks']);
  });

  it('records its marks, and does not resume if they give other rows', async () => {
    const { config, rows } = await markedRun();
    const { marks } = await resolveRun(config, {});
    expect(marks).toMatchObject([
      { path: marksName(config.train_file), sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ]);
    const folder = await runFolder(config, { marks });
    await train(folder, { ...onlySteps, stopping: stopAfter(1) });
    const [first, ...others] = rows.flatMap((row) => row.marks);
    await write(config, [{ ...must(first, 'a mark'), verdict: 'keep' }, ...others]);
    const error = await failureOf(train(folder, { ...onlySteps, resume: true }));
    expect(error).toMatchObject({ code: 'marks-changed' });
    expect(error.message).toContain(marksName(config.train_file));
  });

  it('resumes if the marks changed without an effect on its rows, and says so', async () => {
    const { config, rows } = await markedRun();
    const { marks } = await resolveRun(config, {});
    const [whole, parted] = [await runFolder(config, { marks }), await runFolder(config, { marks })];
    const uninterrupted = await train(whole, onlySteps);
    await train(parted, { ...onlySteps, stopping: stopAfter(1) });
    await write(
      config,
      rows.flatMap((row) => row.marks.map((mark) => ({ ...mark, note: 'looked at again' }))),
    );
    const resumed = await train(parted, { ...onlySteps, resume: true });
    expect(losses(resumed)).toEqual(losses(uninterrupted));
    expect(notes(resumed)).toContainEqual(expect.stringMatching(/marks\.jsonl has changed .* so the run goes on/));
  });

  it('needs marks beside one of its files', async () => {
    const config = await sampleRun({ use_marks: true });
    expect(await failureOf(resolveRun(config, {}))).toMatchObject({
      code: 'config-file',
      message: expect.stringMatching(/^use_marks: there is no .*pairs\.marks\.jsonl\. Review the pairs/),
    });
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CurveStore, type CurveColumns } from '../../../../src/run/curves';
import { answerLengths } from '../../../../src/run/symptoms/answerLengths';
import type { ObservedRun } from '../../../../src/run/symptoms/symptom';
import { remarksOn, symptoms } from '../../../../src/run/symptoms/table';
import type { RunEvent } from '../../../../src/run/types';

/**
 * Runs on the sample with its tiny model, recorded by `margin train sample.train.json`. usual: the unchanged config.
 * frozen: learning_rate 1e-7. collapsed: learning_rate 1e-2, beta 0.01. wrongWay: learning_rate 3, no clipping.
 * clipped: learning_rate 5e-4, max_grad_norm 0.02. memorised: the first 24 pairs, learning_rate 3e-3. guarded and
 * faded: usual and collapsed again, with guard_file and eval_steps 25.
 */
const names = ['usual', 'frozen', 'collapsed', 'wrongWay', 'clipped', 'memorised', 'guarded', 'faded'] as const;
type Name = (typeof names)[number];

function recorded(name: Name): ObservedRun {
  const path = join(import.meta.dirname, 'recorded', `${name}.jsonl`);
  const [head = '', ...lines] = readFileSync(path, 'utf8').trim().split('\n');
  const { config, steps, samples } = JSON.parse(head) as Pick<ObservedRun, 'config' | 'steps'> & {
    samples: readonly { before: string; after: string }[];
  };
  const store = new CurveStore();
  store.add(lines.map((line, t) => ({ t, ...(JSON.parse(line) as object) }) as RunEvent));
  return { curves: store.thin(1000), config, steps, answers: answerLengths(samples) };
}

/** The run with other values in one series. */
function changed(run: ObservedRun, name: string, value: (old: number, index: number) => number): ObservedRun {
  const { series } = run.curves;
  const column = series[name]?.map(value) ?? new Float64Array();
  const curves: CurveColumns = { ...run.curves, series: { ...series, [name]: column } };
  return { ...run, curves };
}

const ids = (run: ObservedRun): readonly string[] => remarksOn(run).map(({ id }) => id);

const last = ({ curves }: ObservedRun): number => curves.steps.length - 1;
const found = (run: ObservedRun, id: string): string => {
  const remark = remarksOn(run).find((one) => one.id === id);
  return remark === undefined ? '' : `${remark.text} ${remark.advice}`;
};

describe('the symptoms of recorded runs', () => {
  it.each([
    ['usual', []],
    ['frozen', ['frozen']],
    ['collapsed', ['chosen-collapses', 'far-from-reference', 'longer-answers']],
    ['wrongWay', ['far-from-reference', 'longer-answers']],
    ['clipped', ['clipped']],
    ['guarded', []],
    ['faded', ['chosen-collapses', 'language-fades', 'far-from-reference', 'longer-answers']],
    ['memorised', ['memorises', 'chosen-collapses', 'far-from-reference', 'saturated']],
  ] as const)('%s: %j', (name, expected) => expect(ids(recorded(name))).toEqual(expected));

  it('have their numbers in the text', () => {
    expect(found(recorded('memorised'), 'memorises')).toContain(
      '1.00 on the trained pairs and 0.78 on the held-out ones',
    );
    expect(found(recorded('memorised'), 'saturated')).toContain('Accuracy is 1 since step 4 of 120');
    expect(found(recorded('frozen'), 'frozen')).toContain('the loss is still ln 2');
    expect(found(recorded('faded'), 'language-fades')).toContain('from 2.148 to 11.868 nats per token');
    expect(found(recorded('collapsed'), 'far-from-reference')).toContain('146 nats');
  });

  it('lead to the pairs behind them', () => {
    const [memorises, collapses] = remarksOn(recorded('memorised'));
    expect(memorises?.pairs).toMatchObject({ sort: 'margin', descending: true });
    expect(collapses?.pairs).toMatchObject({ sort: 'chosen', descending: false });
  });
});

describe('the symptoms of the usual run with one series changed', () => {
  const run = recorded('usual');

  it('a loss that is infinite: it has diverged, and nothing else is said', () => {
    expect(ids(changed(run, 'loss', (loss, i) => (i === 3 ? Infinity : loss)))).toEqual(['diverged']);
  });

  it('a loss that is missing at the last step: it was NaN', () => {
    const end = run.curves.series['learning_rate']?.findLastIndex((rate) => !Number.isNaN(rate));
    expect(ids(changed(run, 'loss', (loss, i) => (i === end ? Number.NaN : loss)))).toEqual(['diverged']);
  });

  it('a gradient norm that grows with the loss: numbers that are not finite are near', () => {
    const rising = changed(run, 'loss', (_, i) => 0.5 + i / last(run));
    expect(ids(changed(rising, 'grad_norm', (_, i) => 1.1 ** i))).toContain('exploding');
    expect(ids(changed(run, 'grad_norm', (_, i) => 1.1 ** i))).not.toContain('exploding');
  });

  it('margins with the other sign: it moves towards the rejected answers', () => {
    const wrong = changed(run, 'rewards/margins', (margin) => -margin);
    expect(ids(wrong)).toEqual(['negative-margin']);
    expect(remarksOn(wrong)[0]?.pairs?.margins?.[1]).toBe(0);
  });

  it('both rewards fall a little: usual for DPO', () => {
    const falling = changed(run, 'rewards/chosen', (_, i) => (-0.1 * i) / last(run));
    const logps = changed(falling, 'logps/chosen', (_, i) => -100 - i / last(run));
    expect(ids(logps)).toEqual(['both-fall']);
    expect(found(logps, 'both-fall')).toContain('from −100.0 to −101.0 nats');
  });

  it('the held-out loss turns while the training loss falls: it memorises', () => {
    let evaluations = 0;
    const turned = changed(recorded('memorised'), 'eval_rewards/accuracies', () => 1);
    const rising = changed(turned, 'eval_loss', (loss) => (Number.isNaN(loss) ? loss : 0.3 + 0.1 * evaluations++));
    expect(found(rising, 'memorises')).toMatch(/lowest at step 10 \(0\.300\)/);
  });

  it('the loss on plain text rises a little: not worth a remark, nor is a rise without a margin', () => {
    const guarded = recorded('guarded');
    const risen = (by: number): ObservedRun =>
      changed(guarded, 'eval_guard_loss', (loss, i) => (Number.isNaN(loss) ? loss : 2 + (by * i) / last(guarded)));
    expect(ids(risen(0.09))).toEqual([]);
    expect(ids(risen(0.11))).toEqual(['language-fades']);
    expect(ids(changed(risen(0.11), 'rewards/margins', () => 0.5))).not.toContain('language-fades');
  });

  it('rewards without a reference tell nothing about the distance to it', () => {
    const { curves, config, ...rest } = recorded('collapsed');
    expect(ids({ curves, config: { ...config, trainer: 'cpo' }, ...rest })).not.toContain('far-from-reference');
  });

  it('few points: no trend', () => {
    const { series, ...curves } = run.curves;
    const few = Object.fromEntries(Object.entries(series).map(([name, column]) => [name, column.slice(0, 6)]));
    expect(ids({ ...run, curves: { ...curves, series: few } })).toEqual([]);
  });
});

it('each symptom has an id of its own and a source', () => {
  expect(new Set(symptoms.map(({ id }) => id)).size).toBe(symptoms.length);
  for (const { source } of symptoms) expect(source.url).toMatch(/^https:\/\//);
});

import { describe, expect, it } from 'vitest';
import { confirmStart } from '../../../../src/host/train/confirmStart';
import { onTarget, type StartEstimate } from '../../../../src/host/train/startEstimate';

const here: StartEstimate = { fits: true, summary: 'about 5 min', problems: [], place: 'this machine', unknown: null };
const needs = {
  target: 'cluster',
  fits: null,
  summary: 'time unknown, cost unknown, about 54 MB per process',
  memory: [],
  assumptions: [],
  unknown: [{ what: 'time', why: 'No run of TRL has been on cluster.' }],
};

/** What the dialog shows, and what an answer leads to. */
async function asked(estimate: Parameters<typeof confirmStart>[2], isBusy: boolean, answer?: string) {
  const shown: string[] = [];
  const ask = (...texts: readonly string[]): Promise<string | undefined> => {
    shown.push(...texts);
    return Promise.resolve(answer);
  };
  return { answer: await confirmStart({ ask }, 'a.train.json', estimate, isBusy), shown };
}

describe('the question before a run', () => {
  it('names time and memory of this machine, and offers the queue beside another run', async () => {
    const { shown, answer } = await asked(here, false, 'Start');
    expect(shown.slice(0, 4)).toEqual(['info', 'Train a.train.json? It takes about 5 min.', '', 'Start']);
    expect(answer).toBe('start');
    const busy = await asked(here, true, 'Add to Queue');
    expect(busy.shown[2]).toContain('Another run is training.');
    expect(busy.answer).toBe('queue');
  });

  it('names the target and what is not known of a run there', async () => {
    const { shown } = await asked(onTarget({ kind: 'target', needs }), false);
    expect(shown[1]).toBe(`Train a.train.json on cluster? Estimate: ${needs.summary}.`);
    expect(shown[2]).toBe('Not known: time. No run of TRL has been on cluster.');
  });

  it('warns of a run that does not fit there', async () => {
    const { shown, answer } = await asked(onTarget({ kind: 'target', needs: { ...needs, fits: false } }), false);
    expect(shown.slice(0, 2)).toEqual(['warning', `a.train.json does not fit on cluster: ${needs.summary}.`]);
    expect(shown).toContain('Start Anyway');
    expect(answer).toBe('cancel');
  });

  it('is not asked without an estimate: the start says what is wrong', async () => {
    const { shown, answer } = await asked(onTarget({ kind: 'failed', message: 'No model.' }), false);
    expect([shown, answer]).toEqual([[], 'start']);
  });
});

import { describe, expect, it } from 'vitest';
import { at, must } from '../../../../src/base/pure/must';
import { seededRandom } from '../../../../src/base/pure/seededRandom';
import { QueueSession } from '../../../../src/host/rounds/queueSession';
import { roundActions } from '../../../../src/protocol/round';
import { decisionsOf } from '../../../../src/run/rounds/decisions';
import type { Draft, Judgement } from '../../../../src/run/rounds/types';
import { draft } from '../../run/rounds/roundSamples';

/** Drafts `p0-a`, `p0-b`, … of some prompts, as many for each. */
function draftsOf(prompts: number, k: number): Draft[] {
  return Array.from({ length: prompts * k }, (_, i) => {
    const [prompt, n] = [Math.floor(i / k), i % k];
    const name = `p${prompt}`;
    const text = `${name}-${at('abcdefghi'.split(''), n)}`;
    return draft(n, text, { prompt_key: name, prompt: [{ role: 'user', content: name }], reward: n });
  });
}

function sessionOf(drafts: readonly Draft[], k: number, written: Judgement[] = [], seed = 1) {
  let clock = 0;
  const session = new QueueSession({
    k,
    seed,
    by: () => 'ann',
    now: () => new Date((clock += 1000)),
    append: (line) => written.push(line),
  });
  session.load(drafts, [...written]);
  const shown = (): readonly string[] => must(session.state().prompt, 'a prompt').drafts.map(({ text }) => text);
  const draftAt = (place: number): number => 'abcdefghi'.indexOf(must(shown()[place - 1]?.at(-1), 'a draft'));
  return { session, written, shown, draftAt };
}

describe('the queue of drafts', () => {
  it('shows drafts in an order that only the seed and the prompt decide', () => {
    const drafts = draftsOf(40, 4);
    const orders = (seed: number): string => {
      const { session, shown } = sessionOf(drafts, 4, [], seed);
      return drafts
        .filter(({ draft: n }) => n === 0)
        .map(() => {
          const order = shown()
            .map((text) => text.at(-1))
            .join('');
          session.act('next', null);
          return order;
        })
        .join();
    };
    expect(orders(1)).toBe(orders(1));
    expect(orders(1)).not.toBe(orders(2));
    // Each draft is about as often first: by chance in 10 of 40, and hardly ever in fewer than 3.
    const first = orders(1)
      .split(',')
      .map((order) => order[0]);
    for (const letter of 'abcd') expect(first.filter((one) => one === letter).length).toBeGreaterThan(2);
  });

  it('tells no reward until a prompt is judged and rewards are asked for', () => {
    const { session, draftAt } = sessionOf(draftsOf(2, 4), 4);
    const rewards = (): unknown => session.state().prompt?.drafts.map(({ reward }) => reward);
    session.act('rewards', null);
    expect(rewards()).toEqual([null, null, null, null]);
    const numbers = [1, 2, 3, 4].map(draftAt);
    session.act('best', 1);
    expect(rewards()).toEqual([null, null, null, null]);
    session.act('worst', 4);
    expect(session.state().place).toBe(1);
    expect(rewards()).toEqual(numbers);
    session.act('rewards', null);
    expect(rewards()).toEqual([null, null, null, null]);
  });

  it('takes the best and the worst of four, and goes to the next prompt', () => {
    const { session, written, draftAt } = sessionOf(draftsOf(2, 4), 4);
    const [best, worst, order] = [draftAt(3), draftAt(1), [1, 2, 3, 4].map(draftAt)];
    session.act('best', 3);
    expect(session.state()).toMatchObject({ place: 1, hint: 'Now the worst: Shift and its number.' });
    session.act('worst', 1);
    expect(written).toMatchObject([{ judge: 'person', by: 'ann', verdict: 'ranked', best, worst, order }]);
    expect(session.state()).toMatchObject({ place: 2, pairs: 1, progress: { done: 1, total: 2 } });
  });

  it('of two drafts needs one key', () => {
    const { session, written, draftAt } = sessionOf(draftsOf(2, 2), 2);
    const [first, second] = [draftAt(1), draftAt(2)];
    session.act('worst', 1);
    expect(written).toMatchObject([{ best: second, worst: first }]);
  });

  it('moves a mark when the same draft gets the other one', () => {
    const { session, written } = sessionOf(draftsOf(1, 4), 4);
    session.act('best', 1);
    session.act('worst', 1);
    expect(session.state().prompt?.drafts.map(({ mark }) => mark)).toEqual(['worst', null, null, null]);
    expect(written).toEqual([]);
  });

  it('takes an edited text as the best one, and drops the edit when another draft is better', () => {
    const { session, written, draftAt } = sessionOf(draftsOf(2, 4), 4);
    const [edited, worst] = [draftAt(2), draftAt(4)];
    session.edit('p0', 2, 'A better text');
    session.act('worst', 4);
    expect(written).toMatchObject([{ best: edited, worst, edited: { draft: edited, text: 'A better text' } }]);
    session.edit('p1', 2, 'Another text');
    session.act('best', 1);
    session.act('worst', 2);
    expect(written[1]).toMatchObject({ verdict: 'ranked', edited: null });
  });

  it('keeps a draft with the text that it had without an edit, and takes none of a prompt that has gone', () => {
    const { session, shown } = sessionOf(draftsOf(2, 4), 4);
    session.edit('p0', 1, must(shown()[0], 'a draft'));
    session.edit('p1', 2, 'Too late');
    expect(session.state().prompt?.drafts.map(({ mark, edited }) => [mark, edited])).toEqual([
      ['best', null],
      [null, null],
      [null, null],
      [null, null],
    ]);
  });

  it('goes on where the person left off, after those that were judged or skipped', () => {
    const first = sessionOf(draftsOf(4, 2), 2);
    first.session.act('tie', null);
    first.session.act('skip', null);
    first.session.act('allBad', null);
    const again = sessionOf(draftsOf(4, 2), 2, first.written);
    expect(again.session.state()).toMatchObject({ place: 4, skipped: 1, pairs: 0, progress: { done: 2, total: 4 } });
    again.session.act('best', 1);
    expect(again.session.state()).toMatchObject({ prompt: null, place: 0 });
    again.session.act('next', null);
    expect(again.session.state().place).toBe(2);
  });

  it('undoes step by step: marks first, then judgements, the first one of a prompt by withdrawing it', () => {
    const { session, written } = sessionOf(draftsOf(3, 4), 4);
    session.act('tie', null);
    session.act('best', 2);
    expect(session.state().undo).toBe('Mark a draft');
    session.act('undo', null);
    expect(session.state().prompt?.drafts.every(({ mark }) => mark === null)).toBe(true);
    session.act('previous', null);
    session.act('allBad', null);
    expect(session.state().place).toBe(2);
    session.act('undo', null);
    expect(session.state()).toMatchObject({ place: 1, prompt: { verdict: 'tie' } });
    session.act('undo', null);
    expect(session.state()).toMatchObject({ prompt: { verdict: null }, undo: null });
    session.act('undo', null);
    expect(session.state().hint).toBe('There is nothing to undo.');
    expect(written.map(({ verdict }) => verdict)).toEqual(['tie', 'all-bad', 'tie', 'withdrawn']);
  });

  it('leaves repeated drafts out, and prompts with fewer than two that differ', () => {
    const drafts = draftsOf(2, 2).map((one) =>
      one.prompt_key === 'p0' && one.draft === 1 ? { ...one, duplicate_of: 0 } : one,
    );
    expect(sessionOf(drafts, 2).session.state()).toMatchObject({
      leftOut: 1,
      progress: { total: 1 },
      prompt: { key: 'p1' },
    });
  });

  it('adds more drafts after those that are there, and the person stays at the prompt', () => {
    const { session, written, shown } = sessionOf(
      draftsOf(3, 6).filter(({ draft: n }) => n < 3),
      3,
    );
    session.act('skip', null);
    const before = shown();
    session.load(draftsOf(3, 6), written);
    expect(shown().slice(0, 3)).toEqual(before);
    expect(shown()).toHaveLength(6);
  });

  it('says which draft does not exist', () => {
    const { session } = sessionOf(draftsOf(1, 2), 2);
    session.act('best', 3);
    expect(session.state().hint).toBe('This prompt has no draft 3.');
  });

  it('shows after any keys what a reader of the file would find', () => {
    const seed = Math.floor(Math.random() * 2 ** 32);
    const random = seededRandom(seed);
    const drafts = draftsOf(5, 3);
    const { session, written } = sessionOf(drafts, 3);
    for (let i = 0; i < 300; i++) {
      const action = at(roundActions, Math.floor(random() * roundActions.length));
      session.act(action, 1 + Math.floor(random() * 3));
      const { key } = session.state().prompt ?? { key: null };
      if (key !== null && random() < 0.2) session.edit(key, 1 + Math.floor(random() * 3), `text ${i}`);
    }
    const decisions = decisionsOf(written, 'person');
    const again = sessionOf(drafts, 3, written).session.state();
    const now = session.state();
    expect([now.pairs, now.skipped, now.progress.done], `seed ${seed}`).toEqual([
      decisions.filter(({ verdict }) => verdict === 'ranked').length,
      decisions.filter(({ verdict }) => verdict === 'skipped').length,
      decisions.filter(({ verdict }) => verdict !== 'skipped').length,
    ]);
    expect([again.pairs, again.skipped, again.progress.done], `seed ${seed}`).toEqual([
      now.pairs,
      now.skipped,
      now.progress.done,
    ]);
  });
});

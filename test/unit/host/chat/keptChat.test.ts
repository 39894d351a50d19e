import { describe, expect, it } from 'vitest';
import { must } from '../../../../src/base/pure/must';
import { type KeptChat, keptText, readKept } from '../../../../src/host/chat/keptChat';

const chat: KeptChat = {
  columns: [
    {
      id: 1,
      label: 'base',
      detail: 'sample',
      steps: [{ step: null, label: 'base' }],
      source: { kind: 'run', folder: '/runs/sample', step: null, stamp: '' },
    },
  ],
  sources: [[1, { kind: 'run', folder: '/runs/sample', step: null, stamp: '' }]],
  settings: { system: '', temperature: 0.7, topP: 1, seed: 0, maxNewTokens: 256, stop: [] },
  turns: [turn(1, 'Hi', 'Hello')],
  dropped: 0,
  file: 'file:///data/prefs.jsonl',
};

function turn(id: number, prompt: string, text: string): KeptChat['turns'][number] {
  const answer = { column: 1, state: 'done', text, edited: null, seed: 0, temperature: 0.7, tokens: 2 } as const;
  const rest = { finish: 'stop', firstSeconds: 0.1, rate: null, reward: null, problem: null } as const;
  return { id, prompt, answers: [{ ...answer, ...rest }], chosen: 1, rejected: null, saved: null };
}

describe('a kept chat', () => {
  it('is read as it was', () => expect(readKept(keptText(chat))).toEqual(chat));

  it('leaves out its oldest turns if it is too long, and counts them', () => {
    const long = Array.from({ length: 8 }, (_, i) => turn(i, `prompt ${i}`, 'x'.repeat(500_000)));
    const kept = must(readKept(keptText({ ...chat, turns: long, dropped: 3 })), 'the chat');
    expect(kept.turns.map(({ id }) => id)).toEqual([6, 7]);
    expect(kept.dropped).toBe(9);
  });

  it('is nothing else than what Margin wrote', () => {
    const text = keptText(chat);
    expect(readKept(undefined)).toBeNull();
    expect(readKept('{')).toBeNull();
    expect(readKept('[]')).toBeNull();
    expect(readKept(text.replace('"version":1', '"version":2'))).toBeNull();
    // Each value of another type makes it unreadable.
    const parts = JSON.parse(text) as Record<string, unknown>;
    for (const key of ['columns', 'sources', 'settings', 'turns', 'dropped', 'file'])
      expect(readKept(JSON.stringify({ ...parts, [key]: true })), key).toBeNull();
    const [first] = chat.turns;
    const wrong = { ...first, answers: [{ ...first?.answers[0], tokens: 'two' }] };
    expect(readKept(JSON.stringify({ ...parts, turns: [wrong] }))).toBeNull();
    expect(readKept(JSON.stringify({ ...parts, sources: [[1, { kind: 'url', path: 'x' }]] }))).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import { pairLines } from '../../../../src/host/rounds/pairLines';
import { detectAll } from '../../../../src/pairs/reading';
import { readPair } from '../../../../src/pairs/readPair';
import type { RoundPair } from '../../../../src/run/rounds/pairs';

const pair: RoundPair = {
  prompt: [{ role: 'user', content: 'Why is the sky blue?' }],
  chosen: [{ role: 'assistant', content: 'Blue light bounces around more.' }],
  rejected: [{ role: 'assistant', content: 'It is not.' }],
  margin_provenance: {
    model: '/run',
    checkpoint: 'step-000050',
    seed: 3,
    temperature: 1,
    judge: 'person',
    by: 'ann',
    round: 2,
    edited: false,
  },
};
const written = (neighbour: string | null): Record<string, unknown> =>
  JSON.parse(String(pairLines([pair], neighbour, detectAll)[0])) as Record<string, unknown>;

describe('pairs that are appended to a data set', () => {
  it('have the shape of the row before them, and say where they come from', () => {
    const plain = written('{"prompt":"Hello","chosen":"Hi","rejected":"No"}');
    expect(plain).toMatchObject({ prompt: 'Why is the sky blue?', chosen: 'Blue light bounces around more.' });
    expect(plain['margin_provenance']).toEqual(pair.margin_provenance);
  });

  it('have TRL’s conversational shape in an empty file', () => {
    expect(written(null)).toMatchObject({ prompt: pair.prompt, chosen: pair.chosen, rejected: pair.rejected });
  });

  it('keep the style of the row before them', () => {
    const [line = ''] = pairLines([pair], '{"prompt":"a","chosen":"b","rejected":"c"}', detectAll);
    expect(line).toContain('"prompt":"Why is the sky blue?","chosen":');
  });

  it('are read as the same pair', () => {
    const [line = ''] = pairLines([pair], null, detectAll);
    expect(readPair(line, detectAll)).toMatchObject({ kind: 'pair', pair: { prompt: pair.prompt } });
  });
});

import { describe, expect, it } from 'vitest';
import { readPair } from '../../../src/pairs/readPair';
import { detectAll } from '../../../src/pairs/reading';

const answers = { chosen: '\n\nHuman: Why?\n\nAssistant: So.', rejected: '\n\nHuman: Why?\n\nAssistant: No.' };
const row = JSON.stringify(answers);

describe('the format that a person chose', () => {
  it('reads rows that another format would read', () => {
    expect(readPair(row, detectAll)).toMatchObject({ kind: 'pair', format: { id: 'hh-transcript' } });
    expect(readPair(row, { ...detectAll, format: 'implicit-plain' })).toMatchObject({
      kind: 'pair',
      format: { id: 'implicit-plain' },
    });
  });

  it('is named in the error of a row that does not fit it', () => {
    expect(readPair(row, { ...detectAll, format: 'openai-preference' })).toMatchObject({
      kind: 'not-a-pair',
      problems: [{ code: 'other-format', message: expect.stringContaining('input, preferred_output') }],
    });
  });
});

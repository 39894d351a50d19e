import { describe, expect, it } from 'vitest';
import { ChatTemplate } from '../../../src/model/chatTemplate';
import type { TextTokenizer } from '../../../src/model/tokenizer';
import type { Pair } from '../../../src/pairs/pair';
import { tokenizePair } from '../../../src/reward/tokenizePair';
import { limit } from '../model/limit';

const template =
  "{% for m in messages %}<{{ m['role'] }}>{{ m['content'] }}</s>{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}";

/** A small tokenizer: `</s>` and "th" are single tokens, and so is each other character. BOS is 1. */
function tokenizer(change: Partial<TextTokenizer> = {}): TextTokenizer {
  return {
    encode: (text, special) => [
      ...(special ? [1] : []),
      ...(text.match(/<\/s>|th|[^]/g) ?? []).map((part) =>
        part === '</s>' ? 2 : part === 'th' ? 3 : part.charCodeAt(0),
      ),
    ],
    decode: (ids) => ids.map((id) => String.fromCharCode(id)).join(''),
    bosId: 1,
    eosToken: '</s>',
    eosId: 2,
    chat: null,
    limit,
    ...change,
  };
}

const chatTokenizer = tokenizer({ chat: new ChatTemplate(template, 'tokenizer_config.json', {}, limit) });
const ids = (text: string): number[] => tokenizer().encode(text, false);

function pair(style: Pair['style'], prompt: string, chosen: string, rejected: string): Pair {
  return {
    style,
    prompt: [{ role: 'user', content: prompt }],
    chosen: [{ role: 'assistant', content: chosen }],
    rejected: [{ role: 'assistant', content: rejected }],
  };
}
const noLimit = { maxLength: null };

describe('strings', () => {
  it('get BOS from the tokenizer and EOS at the end, once', () => {
    const {
      pair: tokens,
      mismatched,
      lost,
    } = tokenizePair(pair('plain', 'Q:', ' yes', ' no</s>'), tokenizer(), noLimit);
    expect(tokens).toEqual({ prompt: [1, ...ids('Q:')], chosen: ids(' yes</s>'), rejected: ids(' no</s>') });
    expect({ mismatched, lost }).toEqual({
      mismatched: { chosen: false, rejected: false },
      lost: { chosen: [], rejected: [] },
    });
  });

  it('are strings for a chat model too', () => {
    expect(tokenizePair(pair('plain', 'Q', 'a', 'b'), chatTokenizer, noLimit).pair?.prompt).toEqual([1, ...ids('Q')]);
  });

  it('whose first token merges with the prompt start where the tokens differ, as in TRL, and are counted', () => {
    const { pair: tokens, mismatched } = tokenizePair(pair('plain', 'cat', 'he', 'e'), tokenizer(), noLimit);
    // "cathe" is c a th e, so the prompt's t becomes part of the answers.
    expect(tokens).toEqual({ prompt: [1, ...ids('ca')], chosen: ids('the</s>'), rejected: ids('te</s>') });
    expect(mismatched).toEqual({ chosen: true, rejected: false });
  });

  it('need an EOS token', () => {
    expect(() => tokenizePair(pair('plain', 'Q', 'a', 'b'), tokenizer({ eosToken: null }), noLimit)).toThrow(
      /eos_token/,
    );
  });
});

describe('conversations', () => {
  it('end as the chat template ends them, without another EOS or BOS', () => {
    const { pair: tokens, mismatched } = tokenizePair(pair('chat', 'Q', 'yes', 'no'), chatTokenizer, noLimit);
    expect(tokens).toEqual({ prompt: ids('<user>Q</s><assistant>'), chosen: ids('yes</s>'), rejected: ids('no</s>') });
    expect(mismatched).toEqual({ chosen: false, rejected: false });
  });

  it('pass their tools to the template', () => {
    const listing = tokenizer({ chat: new ChatTemplate(`{{ tools[0].name }}${template}`, 'f', {}, limit) });
    const { pair: tokens } = tokenizePair(
      { ...pair('chat', 'Q', 'a', 'b'), tools: [{ name: 'clock' }] },
      listing,
      noLimit,
    );
    expect(tokens?.prompt.slice(0, 5)).toEqual(ids('clock'));
  });

  it('without a chat template are an error that says what to do', () => {
    const attempt = (): unknown => tokenizePair(pair('chat', 'Q', 'a', 'b'), tokenizer(), noLimit);
    expect(attempt).toThrow(
      expect.objectContaining({
        code: 'no-chat-template',
        message: expect.stringMatching(/chat_template.*Use a chat model/),
      }),
    );
  });

  it('that are HH transcripts need no template and keep their text', () => {
    const { pair: tokens } = tokenizePair(pair('transcript', 'Hi', 'Hello', 'Go'), tokenizer(), noLimit);
    expect(tokens).toEqual({
      prompt: [1, ...ids('\n\nHuman: Hi\n\nAssistant:')],
      chosen: ids(' Hello</s>'),
      rejected: ids(' Go</s>'),
    });
    expect(tokenizePair(pair('transcript', 'Hi', 'Hello', 'Go'), chatTokenizer, noLimit).pair?.chosen).toEqual(
      ids('Hello</s>'),
    );
  });
});

describe('BOS and EOS as tokens, for CPO and ORPO', () => {
  const options = { maxLength: null, ends: 'tokens' } as const;

  it('are added to strings once, as ids', () => {
    expect(tokenizePair(pair('plain', 'Q', 'a', 'b</s>'), tokenizer(), options).pair).toEqual({
      prompt: [1, ...ids('Q')],
      chosen: ids('a</s>'),
      rejected: ids('b</s>'),
    });
    expect(tokenizePair(pair('plain', 'Q', 'a', 'b'), tokenizer({ bosId: null }), options).pair?.prompt).toEqual(
      ids('Q'),
    );
  });

  it('are added to rendered conversations too, if the template has none', () => {
    const bare = tokenizer({ chat: new ChatTemplate(template.replace('</s>', '.'), 'f', {}, limit) });
    expect(tokenizePair(pair('chat', 'Q', 'yes', 'no'), bare, options).pair).toEqual({
      prompt: [1, ...ids('<user>Q.<assistant>')],
      chosen: ids('yes.</s>'),
      rejected: ids('no.</s>'),
    });
  });

  it('leave out a row whose prompt fills max_length, for which TRL would divide by zero', () => {
    expect(tokenizePair(pair('plain', '12345', 'a', 'b'), tokenizer(), { ...options, maxLength: 6 }).pair).toBeNull();
  });
});

describe('max_length', () => {
  const long = pair('plain', '12345', 'abcdef', 'xy');
  const of = (maxLength: number): ReturnType<typeof tokenizePair> => tokenizePair(long, tokenizer(), { maxLength });

  it('cuts the end of each side separately, with its EOS', () => {
    expect(of(9)).toMatchObject({
      pair: { prompt: [1, ...ids('12345')], chosen: ids('abc'), rejected: ids('xy</s>') },
      lost: { chosen: ids('def</s>'), rejected: [] },
    });
    expect(of(13)).toMatchObject({ lost: { chosen: [], rejected: [] } });
  });

  it('leaves a row out if the prompt fills it, and keeps one if a token fits', () => {
    expect(of(6)).toMatchObject({
      pair: null,
      prompt: [1, ...ids('12345')],
      lost: { chosen: ids('abcdef</s>'), rejected: ids('xy</s>') },
    });
    expect(of(7).pair).toMatchObject({ chosen: ids('a'), rejected: ids('x') });
  });
});

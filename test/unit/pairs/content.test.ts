import { describe, expect, it } from 'vitest';
import { checkLine } from '../../../src/pairs/checks';
import { readPair } from '../../../src/pairs/readPair';
import { detectAll } from '../../../src/pairs/reading';

const question = 'Which is bigger, a bee or a horse?';
const turn = (role: string, content: string): object => ({ role, content });
const codes = (row: object): string[] =>
  checkLine(JSON.stringify(row), detectAll).map(({ severity, code, field }) =>
    `${severity} ${code} ${field ?? ''}`.trim(),
  );
const chat = (prompt: string, chosen = 'A horse.', rejected = 'A bee.'): string[] =>
  codes({
    prompt: [turn('user', prompt)],
    chosen: [turn('assistant', chosen)],
    rejected: [turn('assistant', rejected)],
  });
const plain = (prompt: string, chosen = 'A horse.', rejected = 'A bee.'): string[] =>
  codes({ prompt, chosen, rejected });

describe('text of chat templates inside contents', () => {
  it.each([
    ['ChatML', `<|im_start|>user\n${question}<|im_end|>`],
    ['Llama 2', `<s>[INST] ${question} [/INST]`],
    ['Llama 3', `<|start_header_id|>user<|end_header_id|>\n\n${question}<|eot_id|>`],
    ['Gemma', `<start_of_turn>user\n${question}<end_of_turn>`],
    ['Phi', `<|user|>\n${question}<|end|>`],
    ['Zephyr', `${question}</s>`],
    ['DeepSeek', `<｜User｜>${question}`],
    ['Command R', `<|START_OF_TURN_TOKEN|>${question}`],
    ['GPT-2', `${question}<|endoftext|>`],
    ['harmony', `<|start|>user<|message|>${question}`],
    ['EXAONE', `[|user|]${question}`],
    ['Nemo', `<extra_id_1>User\n${question}`],
  ])('of %s is a warning in a message, and a hint in a plain text, which is trained on unchanged', (_, text) => {
    expect(chat(text)).toEqual(['warning template-text prompt']);
    expect(plain(text)).toEqual(['info template-text prompt']);
  });

  it.each([
    ['Alpaca', `### Instruction:\n${question}\n\n### Response:\n`],
    ['Vicuna', `USER: ${question} ASSISTANT:`],
    ['HH-RLHF', `\n\nHuman: ${question}\n\nAssistant:`],
  ])('of %s is a warning in a message, and ordinary words in a plain text', (_, text) => {
    expect(chat(text)).toEqual(['warning template-text prompt']);
    expect(plain(text)).toEqual([]);
  });

  it('is not reported in code, tables and web pages', () => {
    expect(chat('Write HTML.', '<s>old</s> <b>new</b> <video src="a"></video>', '| a | b |\n<|>')).toEqual([]);
    expect(chat('What is a || b?', 'x <| f |> g', 'vec![|x| x]')).toEqual([]);
  });
});

describe('placeholders of images and sounds', () => {
  it.each([
    '<image>',
    '<|image_1|>',
    '<IMG_CONTEXT>',
    '[IMG]',
    '<|vision_start|><|image_pad|><|vision_end|>',
    '<video>',
    '<start_of_image>',
    'data:image/png;base64,iVBO',
  ])('%s is a warning', (mark) => {
    expect(chat(`${mark}\n${question}`)).toEqual(['warning media-placeholder prompt']);
  });
});

describe('answers that are JSON as text', () => {
  const message = { role: 'assistant', content: 'A horse.' };

  it.each<[string, string]>([
    ['messages of ShareGPT', JSON.stringify([{ from: 'gpt', value: 'A horse.' }])],
    ['messages as Python prints them', "[{'role': 'assistant', 'content': 'A horse.'}]"],
    ['messages as NumPy prints them', "array([{'content': 'A horse.', 'role': 'assistant'}],\n      dtype=object)"],
  ])('%s: the row cannot be read', (_, text) => {
    const row = { prompt: question, chosen: text, rejected: text.replace('horse', 'bee') };
    expect(readPair(JSON.stringify(row), detectAll).kind).toBe('not-a-pair');
    expect(codes(row)).toEqual(['error json-as-text chosen', 'error json-as-text rejected']);
    expect(codes({ prompt: question, completion: text, label: true })).toEqual(['error json-as-text completion']);
    expect(chat(question, text)).toEqual(['warning json-answer chosen']);
  });

  it.each([
    ['a list of messages', JSON.stringify([message])],
    ['a message', JSON.stringify({ content: 'A horse.', role: 'assistant' })],
    ['an object with messages', JSON.stringify({ id: 1, messages: [message] })],
  ])('%s beside a prompt is read as messages, but not as one judged answer', (_, text) => {
    const row = { prompt: question, chosen: text, rejected: text.replace('horse', 'bee') };
    expect(readPair(JSON.stringify(row), detectAll)).toMatchObject({ kind: 'pair', pair: { chosen: [message] } });
    expect(codes(row)).toEqual([]);
    expect(codes({ prompt: question, completion: text, label: true })).toEqual(['error json-as-text completion']);
  });

  it('texts that Python printed are named as such', () => {
    const text = "[{'role': 'assistant', 'content': 'A horse.'}]";
    const result = readPair(JSON.stringify({ prompt: question, chosen: text, rejected: text }), detectAll);
    expect('reason' in result && result.reason).toMatch(/as Python prints them .*json\.dumps/);
  });

  it('JSON with a text inside is a warning, and other JSON a hint', () => {
    expect(plain(question, '["A horse."]', 'A bee.')).toEqual(['warning json-answer chosen']);
    expect(plain(question, '{"answer": "A horse."}', 'A bee.')).toEqual(['warning json-answer chosen']);
    expect(plain('As JSON, please.', '{"legs": 4}', '{"legs": 9}')).toEqual([
      'info json-answer chosen',
      'info json-answer rejected',
    ]);
    expect(plain(question, '[A horse]', '{ a bee }')).toEqual([]);
  });
});

describe('answers that repeat the prompt', () => {
  it('are a warning if both do, and a hint if one does', () => {
    expect(plain(question, `${question} A horse.`, `${question}\nA bee.`)).toEqual([
      'warning repeated-prompt chosen',
      'warning repeated-prompt rejected',
    ]);
    expect(chat(question, `${question} A horse.`)).toEqual(['info repeated-prompt chosen']);
  });

  it('are not reported if only a short prompt or the start of a word is equal', () => {
    expect(plain('A', 'A horse', 'A bee')).toEqual([]);
    expect(plain('Complete: hor', 'Complete: horse', 'Complete: horror')).toEqual([]);
  });
});

describe('rows of other shapes', () => {
  it.each<[object, string]>([
    [
      { query: 'Q', good: 'a', bad: 'b' },
      '"good" and "bad" look like the two answers: rename them to chosen and rejected, and "query" to prompt',
    ],
    [{ PROMPT: 'Q', CHOSEN: 'a', REJECTED: 'b' }, '"CHOSEN" and "REJECTED" look like the two answers'],
    [{ prompt: 'Q', winning: 'a', losing: 'b' }, '"winning" and "losing"'],
    [{ prompt: 'Q', answer_a: 'a', answer_b: 'b', winner: 1 }, '"answer_a" and "answer_b" are two answers'],
    [{ data: [{ prompt: 'Q', chosen: 'a', rejected: 'b' }] }, 'The rows are inside "data"'],
    [{ results: { version: 3, results: [{ prompt: { raw: 'Q' } }] } }, `jq -c '.["results"]["results"][]'`],
    [{ prompt: 'Q', chosen: ['a', 'b'], rejected: ['c'] }, '"chosen" is a list of texts'],
    [{ chosen: [{ role: 'user', content: [{ type: 'image_url' }] }], rejected: [] }, 'a part of type "image_url"'],
    [{ prompt: 'Q', reply: 'a', label: true }, '"reply" is not read'],
    [{ prompt: 'Q', completion: 'a', desirable: true }, 'If "desirable" is the label'],
    [{ prompt: 'Q', completion: 'a', label: 'desirable' }, 'label is the text "desirable": write true without quotes'],
  ])('%j: %s', (row, sentence) => {
    expect(readPair(JSON.stringify(row), detectAll)).toMatchObject({
      kind: 'not-a-pair',
      reason: expect.stringContaining(sentence),
    });
  });

  it('with null where other rows have columns are read', () => {
    expect(readPair('{"prompt":"Q","completion":"a","label":true,"chosen":null,"rejected":null}', detectAll).kind).toBe(
      'judged',
    );
    expect(readPair('{"prompt":"Q","completion":null,"label":null,"chosen":"a","rejected":"b"}', detectAll).kind).toBe(
      'pair',
    );
  });
});

describe('text that is nearly JSON', () => {
  it.each([
    ['{"a": NaN}', 'NaN is not JSON: write null'],
    ['{"a": -Infinity}', 'Infinity is not JSON'],
    ['{"a": nan}', 'write null'],
    ['{"a": None}', 'write null'],
    ['{"a": True}', 'write true'],
    ["{'a': 1}", 'write double quotes'],
    ['{"a": \'b\'}', 'write double quotes'],
    ['{“a”: 1}', 'write straight quotes'],
    ['{a: 1}', 'write the quotes around it'],
    ['{"a": 1,}', 'delete it'],
    ['{"a": [1,]}', 'delete it'],
    ['{"a": 1},', 'delete the comma'],
    ['{"a": 1}{"b": 2}', 'write it on a line of its own'],
    ['{"a": 1} // x', 'JSON has no comments'],
    ['{"a": 1 /* x */}', 'JSON has no comments'],
    ['# x', 'JSON has no comments'],
    ['{"a": (1, 2)}', 'write a list'],
    ['{"a": tensor(1)}', 'a Python value'],
    ['{"a": .5}', 'write 0 before the point'],
    ['{"a": "say "hi" now"}', 'needs a backslash'],
  ])('%s: %s', (line, sentence) => {
    const result = readPair(line, detectAll);
    expect(result).toMatchObject({ kind: 'not-json', reason: expect.stringMatching(/^Not JSON at column \d+: /) });
    expect('reason' in result && result.reason).toContain(sentence);
  });
});

import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { axolotlColumns } from '../../../../src/pairs/own/axolotl';
import { datasetInfoColumns } from '../../../../src/pairs/own/datasetInfo';
import { pathsIn, suggestColumns } from '../../../../src/pairs/own/suggestColumns';

/** The examples of LLaMA-Factory's data/README.md. */
describe('an entry of dataset_info.json', () => {
  it.each([
    [
      'alpaca ranking',
      { ranking: true, columns: { prompt: 'instruction', query: 'input', chosen: 'chosen', rejected: 'rejected' } },
      { prompt: 'instruction', query: 'input', chosen: 'chosen', rejected: 'rejected' },
    ],
    [
      'alpaca KTO',
      { columns: { prompt: 'instruction', query: 'input', response: 'output', kto_tag: 'kto_tag' } },
      { prompt: 'instruction', query: 'input', completion: 'output', label: 'kto_tag' },
    ],
    [
      'ShareGPT ranking',
      {
        formatting: 'sharegpt',
        ranking: true,
        columns: { messages: 'conversations', chosen: 'chosen', rejected: 'rejected' },
      },
      { prompt: 'conversations', chosen: 'chosen', rejected: 'rejected' },
    ],
    [
      'OpenAI KTO',
      {
        formatting: 'sharegpt',
        columns: { messages: 'messages', kto_tag: 'label' },
        tags: { role_tag: 'role', content_tag: 'content', user_tag: 'user', assistant_tag: 'assistant' },
      },
      { completion: 'messages', label: 'label' },
    ],
    [
      'columns of its own',
      { ranking: true, columns: { prompt: 'q', system: 's', history: 'h', chosen: 'a', rejected: 'b' } },
      { prompt: 'q', system: 's', history: 'h', chosen: 'a', rejected: 'b' },
    ],
  ])('%s names the columns', (_, entry, columns) => {
    expect(datasetInfoColumns(entry)).toEqual({ columns, notes: [] });
  });

  it.each([
    [{ columns: { prompt: 'instruction', response: 'output' } }, 'it describes no preferences'],
    [{ formatting: 'sharegpt', ranking: true, tags: { role_tag: 'who' } }, 'its role_tag is "who"'],
  ])('%j is refused', (entry, reason) => {
    expect(datasetInfoColumns(entry)).toContain(reason);
  });

  it('with images says that they are not read', () => {
    const columns = { prompt: 'q', chosen: 'a', rejected: 'b', images: 'pics' };
    expect(datasetInfoColumns({ ranking: true, columns })).toMatchObject({
      notes: [expect.stringContaining('images')],
    });
  });
});

/** The examples of axolotl's docs/rlhf.qmd. */
describe('an entry of axolotl’s datasets', () => {
  const read = (yaml: string, isKto = false): unknown => axolotlColumns(parse(yaml) as Record<string, unknown>, isKto);

  it('chat_template.default names the fields of messages', () => {
    const yaml = `
      path: ...
      type: chat_template.default
      field_messages: "conversation"
      field_chosen: "good"
      field_rejected: "bad"
      message_property_mappings:
        role: role
        content: content`;
    expect(read(yaml)).toEqual({ columns: { prompt: 'conversation', chosen: 'good', rejected: 'bad' }, notes: [] });
    expect(read('type: chat_template.default\nmessage_property_mappings: {role: who, content: text}')).toContain(
      'who/text',
    );
  });

  it('user_defined.default names the fields of texts, which have no template', () => {
    const yaml = `
      path: rows.jsonl
      type:
        field_prompt: "frage"
        field_chosen: "good_reply"
        field_rejected: "bad_reply"
        prompt_format: "{prompt}"`;
    expect(read(yaml)).toEqual({
      columns: { style: 'plain', prompt: 'frage', chosen: 'good_reply', rejected: 'bad_reply' },
      notes: [],
    });
  });

  it('with a format of its own says that the chat template renders the turns', () => {
    const yaml = 'type:\n  field_prompt: q\n  prompt_format: "{system} [INST] {prompt} [/INST]"\n';
    expect(read(yaml)).toEqual({
      columns: { prompt: 'q', system: 'system', chosen: 'chosen', rejected: 'rejected' },
      notes: [expect.stringContaining('prompt_format: not used')],
    });
  });

  it('of a named strategy has its keys, also for KTO', () => {
    expect(read('type: chatml.intel')).toMatchObject({ columns: { system: 'system', prompt: 'question' } });
    expect(read('type: llama3.argilla', true)).toEqual({
      columns: { system: 'system', prompt: 'instruction', completion: 'completion', label: 'label' },
      notes: [],
    });
    expect(read('type: my_module.load')).toContain('"my_module.load" is not known');
  });
});

describe('the suggested columns', () => {
  const suggested = (...rows: Record<string, unknown>[]): unknown => suggestColumns(pathsIn(rows));

  it.each([
    [
      { id: 'a1', frage: 'Q', good_reply: 'a', bad_reply: 'b' },
      { prompt: 'frage', chosen: 'good_reply', rejected: 'bad_reply' },
    ],
    [
      { system_prompt: 's', question: { text: 'Q' }, source: 'x', winner: { text: 'a' }, loser: { text: 'b' } },
      { system: 'system_prompt', prompt: 'question.text', chosen: 'winner.text', rejected: 'loser.text' },
    ],
    [
      { query: 'Q', response: 'a', thumbs_up: true },
      { prompt: 'query', completion: 'response', label: 'thumbs_up' },
    ],
    [{ text: 'no answers' }, null],
  ])('of %j', (row, columns) => {
    expect(suggested(row)).toEqual(columns);
  });

  it('come from paths with an example each', () => {
    expect(pathsIn([{ a: { 'b.c': 'one\ntwo' } }, { m: [{ role: 'user', content: 'Q' }], score: 3 }])).toEqual([
      { path: 'a.b\\.c', kind: 'turns', example: 'one two' },
      { path: 'm', kind: 'turns', example: '[{"role":"user","content":"Q"}]' },
      { path: 'score', kind: 'number', example: '3' },
    ]);
  });
});

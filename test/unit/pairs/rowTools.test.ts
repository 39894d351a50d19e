import { describe, expect, it } from 'vitest';
import { must } from '../../../src/base/pure/must';
import { checkRow } from '../../../src/pairs/checks';
import { lineEdit } from '../../../src/pairs/pairEdits';
import { detectAll, type Reading } from '../../../src/pairs/reading';
import { readRow } from '../../../src/pairs/readRow';
import { type RowTools, rowTools } from '../../../src/pairs/tools/rowTools';
import { toolsMistakes } from '../../../src/pairs/tools/toolsMistakes';

const weather = { type: 'function', function: { name: 'weather', parameters: { type: 'object', properties: {} } } };
const search = { type: 'function', function: { name: 'search', parameters: { type: 'object', properties: {} } } };
const turns = [{ role: 'user', content: 'Q?' }];
const chat = { prompt: turns, chosen: [{ role: 'assistant', content: 'A' }], rejected: [] };

function toolsOf(line: string, reading: Reading = detectAll): RowTools {
  const result = readRow(line, reading);
  if (!('format' in result)) throw new Error(result.reason);
  return rowTools(result);
}

function edited(line: string, text: string, reading: Reading = detectAll): string {
  const { edit } = lineEdit({ kind: 'tools', row: 0, text }, line, reading);
  return edit.op === 'replace' ? edit.line : '';
}

describe('the tools of a row', () => {
  it('are JSON in several lines with the names of the functions', () => {
    const shown = toolsOf(JSON.stringify({ ...chat, tools: [weather, search] }));
    expect(shown).toMatchObject({ names: ['weather', 'search'], asText: false, refusal: null });
    expect(JSON.parse(shown.text)).toEqual([weather, search]);
    expect(shown.text).toContain('\n    "type": "function"');
  });

  it('are written back as a list, and all other bytes stay', () => {
    const start = '{"id": 1.0, "tools": [{"type": "function", "function": {"name": "f", "n": 12345678901234567890}}';
    const end = '],"prompt":[{"role":"user","content":"Q?"}],"chosen":[],"rejected":[]}';
    const line = start + end;
    const more = `${toolsOf(line).text.trimEnd().slice(0, -1)}, ${JSON.stringify(weather)}]`;
    const next = edited(line, more);
    expect(next.startsWith(start)).toBe(true);
    expect(next.endsWith(end)).toBe(true);
    expect(toolsOf(next).names).toEqual(['f', 'weather']);
  });

  it('are not edited where a number is beyond the range of a double, and take no such number', () => {
    const line = JSON.stringify({ ...chat, tools: [{ ...weather, n: 0 }] });
    const huge = line.replace('"n":0', '"n":1e400');
    expect(toolsOf(huge)).toMatchObject({ names: ['weather'], refusal: expect.stringContaining('1.8e308') });
    expect(() => edited(huge, '[]')).toThrow('1.8e308');
    expect(() => edited(line, '[{"n": -1e400}]')).toThrow('Line 1 of the tools: The number is larger than 1.8e308');
  });

  it('stay a text where the row has a text, and keep its spacing', () => {
    const tools = '[ {"name":"f","parameters":{"type":"object"}} ]';
    const line = JSON.stringify({ ...chat, tools });
    expect(toolsOf(line)).toMatchObject({ names: ['f'], asText: true });
    const next = edited(line, '[{"name": "g", "parameters": {"type": "object"}}]');
    expect(JSON.parse(next)).toMatchObject({ tools: tools.replace('"f"', '"g"') });
  });

  it('are added where the format has them: a text for LLaMA-Factory, inside input for OpenAI', () => {
    const factory = '{"instruction": "Q?", "input": "", "chosen": "A", "rejected": "B"}';
    expect(JSON.parse(edited(factory, JSON.stringify([weather])))).toMatchObject({ tools: JSON.stringify([weather]) });
    const answer = [{ role: 'assistant', content: 'A' }];
    const openAi = { input: { messages: turns }, preferred_output: answer, non_preferred_output: answer };
    const next = edited(JSON.stringify(openAi), JSON.stringify([weather]));
    expect(JSON.parse(next)).toEqual({ ...openAi, input: { messages: turns, tools: [weather] } });
    expect(toolsOf(next).names).toEqual(['weather']);
  });

  it('are in the column that a person named', () => {
    const columns = { prompt: 'q', chosen: 'good', rejected: 'bad', tools: 'meta.functions' };
    const reading: Reading = { ...detectAll, columns };
    const line = JSON.stringify({ q: 'Q?', good: 'A', bad: 'B', meta: { functions: [weather] } });
    expect(toolsOf(line, reading).names).toEqual(['weather']);
    const next = edited(line, JSON.stringify([search]), reading);
    expect(JSON.parse(next)).toMatchObject({ meta: { functions: [search] } });
  });

  it('are removed by an empty text, with their key', () => {
    const rest = JSON.stringify(chat).slice(1);
    expect(edited(`{"tools":[],${rest}`, ' ')).toBe(`{${rest}`);
  });

  it('of a list of answers are edited too', () => {
    const line = JSON.stringify({ prompt: 'Q?', responses: ['A', 'B'], scores: [1, 2] });
    expect(toolsOf(edited(line, JSON.stringify([weather]))).names).toEqual(['weather']);
  });

  it('are refused by formats that have no place for them, and if they are no list', () => {
    expect(() => edited(JSON.stringify(chat), '{}')).toThrow('Line 1 of the tools: Tools are a list');
    const hh = JSON.stringify({ chosen: '\n\nHuman: Q?\n\nAssistant: A', rejected: '\n\nHuman: Q?\n\nAssistant: B' });
    expect(toolsOf(hh).refusal).toContain('have no place for tools. Convert the file');
    expect(() => edited(hh, '[]')).toThrow('have no place for tools');
  });

  it('inside input are checked as those beside it are', () => {
    const answer = [{ role: 'assistant', content: 'A' }];
    const row = { input: { messages: turns, tools: [{}] }, preferred_output: answer, non_preferred_output: answer };
    const problems = checkRow(readRow(JSON.stringify(row), detectAll));
    expect(
      must(
        problems.find(({ code }) => code === 'wrong-tools'),
        'the warning',
      ).message,
    ).toContain('tools[0].type');
  });
});

describe('mistakes of tools', () => {
  it('have the place of what is not JSON, and stop the edit', () => {
    expect(toolsMistakes('[\n  {"type": \'function\'}\n]', false)).toMatchObject([
      { line: 2, column: 12, stops: true, message: 'Single quotes are not JSON: write double quotes.' },
    ]);
    expect(toolsMistakes('[', false)).toMatchObject([{ line: 1, column: 2, start: 1, end: 1, stops: true }]);
    expect(toolsMistakes('{}', false)).toMatchObject([{ line: 1, column: 1, stops: true }]);
    expect(toolsMistakes('  \n', false)).toEqual([]);
  });

  it('of another shape have the place of the value, or of the object that lacks a key', () => {
    const text = '[\n {"type": "function",\n  "function": {"name": "",\n   "parameters": {"type": "dict"}}}\n]';
    const found = toolsMistakes(text, false);
    expect(found.map(({ line, start, end, stops }) => [line, text.slice(start, end), stops])).toEqual([
      [3, '""', false],
      [4, '"dict"', false],
    ]);
    expect(toolsMistakes('[{"type": "function"}]', false)).toMatchObject([{ line: 1, column: 2 }]);
  });

  it('know bare functions only where the row keeps a text', () => {
    const text = '[{"name": "f"}]';
    expect(toolsMistakes(text, true)).toEqual([]);
    expect(toolsMistakes(text, false)).not.toEqual([]);
  });
});

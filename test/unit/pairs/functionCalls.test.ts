import { describe, expect, it } from 'vitest';
import { lineEdit } from '../../../src/pairs/pairEdits';
import { readPair } from '../../../src/pairs/readPair';
import { detectAll } from '../../../src/pairs/reading';

const call = { name: 'get_weather', arguments: { city: 'Oslo' } };
const rowWith = (value: string): string =>
  JSON.stringify({
    conversations: [
      { from: 'human', value: 'How is the weather in Oslo?' },
      { from: 'function_call', value },
      { from: 'observation', value: '{"sky": "clear"}' },
    ],
    chosen: 'Clear.',
    rejected: 'No idea.',
  });

describe('a function_call turn of ShareGPT', () => {
  it('is an assistant turn that calls tools; one turn may hold several calls', () => {
    for (const calls of [[call], [call, call]]) {
      const result = readPair(rowWith(JSON.stringify(calls.length === 1 ? call : calls)), detectAll);
      if (result.kind !== 'pair') throw new Error(result.kind);
      const toolCalls = calls.map((one) => ({ type: 'function', function: one }));
      expect(result.pair.prompt[1]).toEqual({ role: 'assistant', content: '', tool_calls: toolCalls });
      expect(result.pair.prompt[2]).toEqual({ role: 'tool', content: '{"sky": "clear"}' });
    }
  });

  it('stays as it is when another turn changes, and takes no text itself', () => {
    const line = rowWith(JSON.stringify(call));
    const change = (turn: number) =>
      lineEdit({ kind: 'text', row: 0, side: 'prompt', turn, content: 'New' }, line, detectAll).edit;
    const previous = 'How is the weather in Oslo?';
    expect(change(0)).toEqual({ op: 'replace', row: 0, line: line.replace(previous, 'New'), previous: line });
    expect(() => change(1)).toThrow('holds calls and no text');
  });

  it('without a call is not a turn, and the row is reported', () => {
    expect(readPair(rowWith('get_weather(Oslo)'), detectAll).kind).toBe('not-a-pair');
  });
});

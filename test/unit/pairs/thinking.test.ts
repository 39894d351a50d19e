import { expect, it } from 'vitest';
import { thinkingParts } from '../../../src/pairs/thinking';
import { callsOf } from '../../../src/pairs/toolCalls';

it('an answer is split into text and blocks of thinking, in order', () => {
  expect(thinkingParts('<think>\n2 + 2 = 4\n</think>\n\nFour.')).toEqual([
    { kind: 'thinking', text: '\n2 + 2 = 4\n' },
    { kind: 'text', text: '\n\nFour.' },
  ]);
  expect(thinkingParts('a<think>b</think>c<thinking>d</thinking>')).toEqual([
    { kind: 'text', text: 'a' },
    { kind: 'thinking', text: 'b' },
    { kind: 'text', text: 'c' },
    { kind: 'thinking', text: 'd' },
  ]);
});

it('a block of thinking without an end extends to the end, and an end alone is text', () => {
  expect(thinkingParts('<think>on and on')).toEqual([{ kind: 'thinking', text: 'on and on' }]);
  expect(thinkingParts('so </think> it is')).toEqual([{ kind: 'text', text: 'so </think> it is' }]);
  expect(thinkingParts('')).toEqual([]);
});

it('calls of tools are read with arguments as an object and as JSON text', () => {
  const turn = (calls: unknown): ReturnType<typeof callsOf> => {
    const message = { role: 'assistant', content: '', tool_calls: calls };
    return callsOf(message);
  };
  const shown = [{ name: 'add', input: '{\n  "a": 1\n}' }];
  expect(turn([{ type: 'function', function: { name: 'add', arguments: { a: 1 } } }])).toEqual(shown);
  expect(turn([{ function: { name: 'add', arguments: '{"a": 1}' } }])).toEqual(shown);
  expect(turn({ name: 'add', arguments: 'a = 1' })).toEqual([{ name: 'add', input: 'a = 1' }]);
  expect(turn(['add'])).toEqual([{ name: '?', input: '"add"' }]);
  expect(turn(null)).toEqual([]);
});

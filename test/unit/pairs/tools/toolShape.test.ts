import { describe, expect, it } from 'vitest';
import { toolFaults } from '../../../../src/pairs/tools/toolShape';

const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const weather = { name: 'weather', description: 'Tells the weather.', parameters };
const tool = (change: object = {}): object => ({ type: 'function', function: { ...weather, ...change } });
const faults = (tools: readonly unknown[], isText = false): readonly string[] =>
  toolFaults(tools, isText).map(({ path, fix }) => `${path} ${fix}`);

describe('the shape of tools', () => {
  it.each([
    ['a function', [tool()]],
    ['one without arguments', [{ type: 'function', function: { name: 'now' } }]],
    ['keys that are not known', [{ ...tool({ strict: true }), cache: 1 }]],
    [
      'nested schemas',
      [tool({ parameters: { type: 'object', properties: { all: { type: 'array', items: parameters } } } })],
    ],
    [
      'types of which one is meant',
      [tool({ parameters: { type: 'object', properties: { a: { type: ['string', 'null'] } } } })],
    ],
    [
      'schemas of other kinds',
      [tool({ parameters: { type: 'object', properties: { a: { anyOf: [{ type: 'string' }] } } } })],
    ],
  ])('is that of %s', (_, tools) => {
    expect(faults(tools)).toEqual([]);
  });

  it('is that of bare functions only in the text of a list, as LLaMA-Factory writes it', () => {
    expect(faults([weather], true)).toEqual([]);
    expect(faults([weather])).toEqual([
      'tools[0].type is missing: must be "function"',
      'tools[0].function is missing: put name, description and parameters into it',
    ]);
  });

  it.each([
    ['a text', 'weather', 'tools[0] must be an object: {"type": "function", "function": {"name": …, "parameters": …}}'],
    ['another type', { ...tool(), type: 'tool' }, 'tools[0].type must be "function"'],
    [
      'no name',
      { type: 'function', function: { parameters } },
      'tools[0].function.name is missing: must be the name of the function',
    ],
    [
      'arguments that are no object',
      tool({ parameters: { type: 'string' } }),
      'tools[0].function.parameters.type must be "object"',
    ],
    [
      'arguments without a schema',
      tool({ parameters: { city: 'string' } }),
      'tools[0].function.parameters.type is missing: must be "object"',
    ],
    [
      'a type of Python',
      tool({ parameters: { type: 'object', properties: { city: { type: 'str' } } } }),
      /^tools\[0\]\.function\.parameters\.properties\.city\.type must be a type of JSON Schema \(string, /,
    ],
    [
      'required inside of a key',
      tool({ parameters: { type: 'object', properties: { city: { type: 'string', required: true } } } }),
      /^tools\[0\]\.function\.parameters\.properties\.city\.required must be a list of keys/,
    ],
    [
      'a schema that is a text',
      tool({ parameters: { type: 'object', properties: { a: 'text' } } }),
      /properties\.a must be a JSON schema/,
    ],
  ])('is not that of %s: the message has the path and the fix', (_, wrong, message) => {
    const found = faults([wrong]);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(message);
  });

  it('is not looked for without end', () => {
    let nested: object = { type: 'string' };
    for (let i = 0; i < 1000; i++) nested = { type: 'array', items: nested };
    expect(faults([tool({ parameters: { type: 'object', properties: { a: nested } } })])).toEqual([]);
  });
});

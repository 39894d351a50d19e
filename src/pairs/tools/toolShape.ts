import { type Definitions, type Shape, type ShapeFault, shapeFaults } from './shape';

/** The types of JSON Schema, draft 7. */
const types = ['string', 'number', 'integer', 'boolean', 'array', 'object', 'null'] as const;
const typeText = 'The type of the value, as JSON Schema names it.';
const typeFix = `must be a type of JSON Schema (${types.join(', ')}), or a list of them: Python’s names are not known`;

const schema: Shape = {
  type: 'object',
  description: 'A JSON schema of the value.',
  errorMessage: 'must be a JSON schema, such as {"type": "string"}',
  properties: {
    type: {
      anyOf: [{ enum: types }, { type: 'array', items: { enum: types } }],
      description: typeText,
      errorMessage: typeFix,
    },
    description: {
      type: 'string',
      description: 'What the value means, for the model.',
      errorMessage: 'must be a text',
    },
    enum: { type: 'array', description: 'The only values that are allowed.', errorMessage: 'must be a list of values' },
    items: { $ref: '#/definitions/schema' },
    properties: {
      type: 'object',
      description: 'The JSON schema of each key.',
      errorMessage: 'must be an object with a JSON schema for each key',
      additionalProperties: { $ref: '#/definitions/schema' },
    },
    required: {
      type: 'array',
      items: { type: 'string', errorMessage: 'must be the name of a key' },
      description: 'The keys that the model must give.',
      errorMessage: 'must be a list of keys: put it beside properties, not into one of them',
    },
  },
};

const parameters: Shape = {
  type: 'object',
  description: 'The arguments of the function, as a JSON schema of an object. A function without arguments has none.',
  errorMessage: 'must be a JSON schema of an object: {"type": "object", "properties": {…}}',
  required: ['type'],
  properties: {
    ...schema.properties,
    type: { const: 'object', description: 'Arguments are an object.', errorMessage: 'must be "object"' },
  },
  default: { type: 'object', properties: {}, required: [] },
};

const calledFunction: Shape = {
  type: 'object',
  description: 'A function that the model may call.',
  errorMessage: 'must be an object with name, description and parameters',
  required: ['name'],
  properties: {
    name: {
      type: 'string',
      minLength: 1,
      description: 'The name that a call has.',
      errorMessage: 'must be the name of the function',
    },
    description: {
      type: 'string',
      description: 'What the function does, for the model.',
      errorMessage: 'must be a text',
    },
    parameters: { $ref: '#/definitions/parameters' },
  },
  default: { name: '', description: '', parameters: { type: 'object', properties: {}, required: [] } },
};

const tool: Shape = {
  type: 'object',
  description: 'A tool, as OpenAI’s API and the chat templates of Hugging Face have it.',
  errorMessage: 'must be an object: {"type": "function", "function": {"name": …, "parameters": …}}',
  required: ['type', 'function'],
  properties: {
    type: { const: 'function', description: 'The kind of the tool.', errorMessage: 'must be "function"' },
    function: { $ref: '#/definitions/function', errorMessage: 'put name, description and parameters into it' },
  },
  default: {
    type: 'function',
    function: { name: '', description: '', parameters: { type: 'object', properties: {} } },
  },
};

/**
 * The shapes of a row's tools: OpenAI's "function tools", which `transformers.utils.get_json_schema` writes too.
 * `function` alone is the shape of LLaMA-Factory, which keeps tools as the text of a list.
 */
export const toolDefinitions: Definitions = { tool, function: calledFunction, parameters, schema };

/** Where the tools of a row differ from the shape. @param isText whether the list was written as a JSON string */
export function toolFaults(tools: readonly unknown[], isText: boolean): readonly ShapeFault[] {
  return tools.flatMap((one, i) => {
    const isBare = isText && typeof one === 'object' && one !== null && 'name' in one && !('function' in one);
    return shapeFaults(one, isBare ? calledFunction : tool, toolDefinitions, `tools[${i}]`);
  });
}

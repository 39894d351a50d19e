import { formats, judgedFormats, listFormats } from './formats/table';
import { knownRoles } from './pair';
import type { Shape } from './tools/shape';
import { toolDefinitions } from './tools/toolShape';

/** The most formats that the hover text of a key names. */
const mostNamed = 4;

const message: Shape = {
  type: 'object',
  properties: {
    role: { description: `Who speaks: ${knownRoles.join(', ')}.`, anyOf: [{ enum: knownRoles }, {}] },
    content: { description: 'The text of the turn.' },
    tool_calls: { description: 'The calls that an assistant makes, each with the name and arguments of a function.' },
  },
};

/** For completion of the keys of messages. Other shapes are allowed too. */
const turns: Shape = { anyOf: [{ type: 'array', items: { $ref: '#/definitions/message' } }, {}] };

/** Keys with a shape of their own. */
const shapes: Readonly<Record<string, Shape>> = {
  ...Object.fromEntries(['prompt', 'chosen', 'rejected', 'completion', 'messages'].map((key) => [key, turns])),
  tools: {
    description: 'The tools that the chat template gives to the model, or such a list as a JSON string.',
    anyOf: [{ type: 'array', items: { $ref: '#/definitions/tool' } }, { type: 'string' }],
  },
  weight: {
    type: 'number',
    minimum: 0,
    description: 'The loss of the row is multiplied by it. Training ignores rows with 0.',
    errorMessage: 'weight must be a number at least 0',
  },
};

/**
 * The JSON schema of a row, built from the tables of formats. VS Code uses it where a row is open in a text editor. It
 * refuses only what no format reads, because a row may have any other keys.
 */
export function rowSchema(): Readonly<Record<string, unknown>> {
  const all = [...formats, ...judgedFormats, ...listFormats];
  const keys = [...new Set([...all.flatMap((format) => format.keys), ...Object.keys(shapes)])].sort();
  const property = (key: string): Shape => {
    const labels = all.filter((format) => format.keys.includes(key)).map(({ label, tool }) => `${label} (${tool})`);
    const named = labels.slice(0, mostNamed).map((label) => `- ${label}`);
    const more = labels.length > mostNamed ? [`- and ${labels.length - mostNamed} more`] : [];
    const read = labels.length === 0 ? [] : ['Read in rows of these shapes:', ...named, ...more];
    const shape = shapes[key] ?? {};
    return { ...shape, description: [shape.description ?? [], read].flat().join('\n') };
  };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'A row of preference data',
    type: 'object',
    properties: Object.fromEntries(keys.map((key) => [key, property(key)])),
    definitions: { message, ...toolDefinitions },
  };
}

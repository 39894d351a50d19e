import { columnNames, columnTexts, ownStyles } from '../pairs/own/ownColumns';
import { describe } from './checkValue';
import { keys } from './keys/keys';
import type { Key, KeyType, NumberBounds } from './keys/key';
import { refusedKeys } from './refusedKeys';

/**
 * The JSON schema of a `*.train.json`, built from the table of keys. VS Code uses it for completion, hover texts and
 * errors. It is draft 7 with VS Code's `errorMessage`, `enumDescriptions` and `doNotSuggest`.
 */
export function trainSchema(): Readonly<Record<string, unknown>> {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Margin training config',
    description:
      'The config of a training run, for `margin train` and Margin: Train…. The keys are those of TRL and PEFT.',
    type: 'object',
    required: keys.filter((key) => key.default === undefined).map((key) => key.name),
    properties: {
      $schema: { type: 'string', doNotSuggest: true },
      ...Object.fromEntries(keys.map((key) => [key.name, property(key)])),
      ...Object.fromEntries(Object.entries(refusedKeys).map(([name, instead]) => [name, refused(instead)])),
    },
    additionalProperties: false,
  };
}

function property(key: Key): Readonly<Record<string, unknown>> {
  const type = valueSchema(key.type);
  return {
    ...(key.nullable ? { anyOf: [type, { type: 'null' }] } : type),
    description: key.text,
    errorMessage: `${key.name} must be ${describe(key.type)}${key.nullable ? ', or null' : ''}`,
    ...(key.default === undefined ? {} : { default: key.default }),
  };
}

function valueSchema(type: KeyType): Readonly<Record<string, unknown>> {
  switch (type.kind) {
    case 'text':
    case 'path':
      return { type: 'string', minLength: 1 };
    case 'boolean':
      return { type: 'boolean' };
    case 'number':
      return numberSchema(type);
    case 'choice':
      return { type: 'string', enum: type.of };
    case 'choices':
      return { anyOf: [choices(type), { type: 'array', minItems: 1, items: choices(type) }] };
    case 'numbers':
      return { anyOf: [numberSchema(type.each), { type: 'array', minItems: 1, items: numberSchema(type.each) }] };
    case 'modules':
      return {
        anyOf: [
          { type: 'string', enum: type.words },
          { type: 'string', minLength: 1 },
          { type: 'array', minItems: 1, items: { type: 'string', pattern: '^[\\w.]+$' } },
        ],
      };
    case 'patterns':
      return { type: 'object', additionalProperties: numberSchema(type.each) };
    case 'columns':
      return columnsSchema();
  }
}

/** The schema of the key `columns`. */
function columnsSchema(): Readonly<Record<string, unknown>> {
  const path = { type: 'string', minLength: 1 };
  return {
    type: 'object',
    properties: {
      ...Object.fromEntries(columnNames.map((name) => [name, { ...path, description: columnTexts[name] }])),
      style: { type: 'string', enum: ownStyles },
    },
    anyOf: [{ required: ['chosen', 'rejected'] }, { required: ['completion', 'label'] }],
    additionalProperties: false,
  };
}

function numberSchema(
  { integer, above, min, below, max }: NumberBounds = { kind: 'number' },
): Readonly<Record<string, unknown>> {
  return {
    type: integer ? 'integer' : 'number',
    ...(above === undefined ? {} : { exclusiveMinimum: above }),
    ...(min === undefined ? {} : { minimum: min }),
    ...(below === undefined ? {} : { exclusiveMaximum: below }),
    ...(max === undefined ? {} : { maximum: max }),
  };
}

function choices({ of, texts }: KeyType & { kind: 'choices' }): Readonly<Record<string, unknown>> {
  return { type: 'string', enum: of, enumDescriptions: texts };
}

function refused(instead: string): Readonly<Record<string, unknown>> {
  return {
    not: {},
    doNotSuggest: true,
    errorMessage: `Not implemented in Margin yet: leave it out${instead === '' ? '' : ` (${instead})`}`,
  };
}

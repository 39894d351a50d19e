import { isRecord } from '../../../src/base/pure/isRecord';

type Schema = Readonly<Record<string, unknown>>;

/** Fields below this depth are only in the schema: a page is for a first look. */
const deepest = 2;

/** The page about one command, from its schema: each kind of line with its fields. */
export function commandSection(name: string, schema: Schema): string {
  const kinds = Object.entries(part(schema, '$defs')).filter(([kind]) => kind !== 'error');
  const lines = kinds.flatMap(([kind, line]) => [
    `**${kind}**: ${String(part(schema, '$defs', kind)['description'])}`,
    '',
    ...(isRecord(line) ? fieldLines(line, 0) : []),
    '',
  ]);
  return [
    `## margin ${name}`,
    '',
    `[${name}.schema.json](../../media/schemas/cli/${name}.schema.json)`,
    '',
    ...lines,
  ].join('\n');
}

function fieldLines(schema: Schema, depth: number): string[] {
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  return Object.entries(part(schema, 'properties')).flatMap(([name, field]) => {
    if (!isRecord(field)) return [];
    const about = typeof field['description'] === 'string' ? `: ${field['description']}` : '';
    const optional = required.includes(name) ? '' : ', not always there';
    const inner = depth + 1 < deepest ? fieldLines(objectIn(field), depth + 1) : [];
    return [`${'  '.repeat(depth)}- \`${name}\` (${typeOf(field)}${optional})${about}`, ...inner];
  });
}

/** The object that a field holds: itself, that of a list, or that which is not null. */
function objectIn(field: Schema): Schema {
  const items = field['items'];
  if (isRecord(items)) return objectIn(items);
  const some = field['anyOf'];
  return Array.isArray(some) && isRecord(some[0]) ? objectIn(some[0]) : field;
}

function typeOf(field: Schema): string {
  const { type, anyOf, items } = { type: field['type'], anyOf: field['anyOf'], items: field['items'] };
  if (Array.isArray(field['enum'])) return field['enum'].map((value) => JSON.stringify(value)).join(' or ');
  if ('const' in field) return JSON.stringify(field['const']);
  if (Array.isArray(anyOf)) return anyOf.map((one) => (isRecord(one) ? typeOf(one) : '')).join(' or ');
  if (Array.isArray(type)) return type.join(' or ');
  if (type === 'array') return isRecord(items) ? `list of ${typeOf(items)}` : 'list';
  return typeof type === 'string' ? type : 'any value';
}

function part(schema: Schema, ...path: readonly string[]): Schema {
  return path.reduce<Schema>((value, key) => {
    const next = value[key];
    return isRecord(next) ? next : {};
  }, schema);
}

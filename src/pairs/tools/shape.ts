import { isRecord } from '../../base/pure/isRecord';

/**
 * The part of JSON Schema (draft 7) that describes a row. VS Code reads it from `media/row.schema.json`, and
 * {@link shapeFaults} checks values by it, so that both say the same.
 */
export interface Shape {
  readonly type?: 'object' | 'array' | 'string' | 'number' | 'boolean';
  readonly const?: string;
  readonly enum?: readonly string[];
  readonly minLength?: number;
  readonly minimum?: number;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly items?: Shape;
  readonly additionalProperties?: Shape;
  readonly anyOf?: readonly Shape[];
  /** `#/definitions/NAME`. */
  readonly $ref?: string;
  readonly title?: string;
  readonly description?: string;
  /** What to write instead; it follows the path of the value. VS Code shows it too. */
  readonly errorMessage?: string;
  /** The value that completion writes. */
  readonly default?: unknown;
}

export type Definitions = Readonly<Record<string, Shape>>;

/** A value that has another shape. */
export interface ShapeFault {
  /** As in `tools[0].function.name`. */
  readonly path: string;
  /** What to write, without the path. */
  readonly fix: string;
}

/** Schemas may be nested. Values deeper than this are not checked. */
const deepest = 32;

/**
 * Where a value differs from a shape.
 *
 * @param path of the value
 * @returns in the order of the shape's keys; none if the value has the shape
 */
export function shapeFaults(
  value: unknown,
  shape: Shape,
  definitions: Definitions,
  path: string,
  depth = 0,
): readonly ShapeFault[] {
  const { $ref, anyOf, errorMessage } = shape;
  if (depth > deepest) return [];
  if ($ref !== undefined) {
    const target = definitions[$ref.slice('#/definitions/'.length)];
    return target === undefined ? [] : shapeFaults(value, target, definitions, path, depth);
  }
  const inside = (key: string, part: unknown, of: Shape): readonly ShapeFault[] =>
    shapeFaults(part, of, definitions, `${path}${key}`, depth + 1);
  if (anyOf !== undefined && !anyOf.some((one) => inside('', value, one).length === 0))
    return errorMessage === undefined ? inside('', value, anyOf[0] ?? {}) : [{ path, fix: errorMessage }];
  if (!isOf(value, shape)) return [{ path, fix: errorMessage ?? `must be ${named(shape)}` }];
  if (Array.isArray(value)) return value.flatMap((item, i) => inside(`[${i}]`, item, shape.items ?? {}));
  if (!isRecord(value)) return [];
  const { properties = {}, required = [], additionalProperties } = shape;
  const missing = required.filter((key) => !Object.hasOwn(value, key));
  const others = Object.keys(value).filter((key) => !Object.hasOwn(properties, key));
  return [
    ...missing.map((key) => ({
      path: `${path}.${key}`,
      fix: `is missing: ${properties[key]?.errorMessage ?? 'add it'}`,
    })),
    ...Object.entries(properties).flatMap(([key, of]) =>
      Object.hasOwn(value, key) ? inside(`.${key}`, value[key], of) : [],
    ),
    ...(additionalProperties ? others.flatMap((key) => inside(`.${key}`, value[key], additionalProperties)) : []),
  ];
}

function isOf(value: unknown, shape: Shape): boolean {
  const { type, const: only, enum: some, minLength = 0, minimum = Number.NEGATIVE_INFINITY } = shape;
  if (only !== undefined) return value === only;
  if (some !== undefined) return some.some((one) => one === value);
  if (typeof value === 'string' && value.length < minLength) return false;
  if (typeof value === 'number' && value < minimum) return false;
  if (type === undefined) return true;
  if (type === 'array') return Array.isArray(value);
  return type === 'object' ? isRecord(value) : typeof value === type;
}

function named({ type, const: only, enum: some }: Shape): string {
  if (only !== undefined) return `"${only}"`;
  if (some !== undefined) return `one of ${some.join(', ')}`;
  return type === 'array' || type === 'object' ? `an ${type}` : `a ${type}`;
}

import { resolve } from 'node:path';
import { keys } from '../run/keys/keys';
import type { Key, KeyType } from '../run/keys/key';
import type { Overrides } from '../run/trainConfig';
import type { Arguments, OptionKind } from './args';

/** The options `--KEY VALUE` for the keys of a config. */
export function overrideOptions(): Record<string, OptionKind> {
  return Object.fromEntries(keys.map(({ name, type }) => [name, kinds[type.kind]]));
}

/**
 * The config values on a command line, with their JSON types. A value that does not look like its type stays a text,
 * for the config's own check to report. Paths start at the working folder, as usual in a shell.
 */
export function readOverrides(args: Arguments, cwd: string): Overrides {
  const overrides = new Map<string, unknown>();
  for (const key of keys) {
    const given = args.options.get(key.name);
    if (given !== undefined) overrides.set(key.name, convert(key, given, cwd));
  }
  return overrides;
}

const kinds: Readonly<Record<KeyType['kind'], OptionKind>> = {
  text: 'value',
  path: 'value',
  boolean: 'flag',
  number: 'value',
  choice: 'value',
  choices: 'values',
  numbers: 'values',
  modules: 'values',
  patterns: 'value',
  columns: 'value',
};

function convert({ type, nullable }: Key, given: readonly string[], cwd: string): unknown {
  const [first = ''] = given;
  if (nullable && given.length === 1 && /^(null|none)$/i.test(first)) return null;
  switch (type.kind) {
    case 'path':
      return resolve(cwd, first);
    case 'boolean':
      return first !== 'false';
    case 'number':
      return toNumber(first);
    case 'numbers':
      return given.map(toNumber);
    case 'choices':
      return given;
    case 'modules':
      return given.length === 1 ? first : given;
    case 'patterns':
      return fromJson(first);
    default:
      return first;
  }
}

/** A JSON value such as `{"v_proj": 8}`, which the shell needs in quotes. */
function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The check of the config reports text that is not JSON.
    return text;
  }
}

function toNumber(text: string): number | string {
  return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
}

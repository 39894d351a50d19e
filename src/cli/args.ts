import { at } from '../base/pure/must';
import { nearest } from '../base/pure/nearest';

/** Wrong usage of the command line. The message and a hint to `--help` go to stderr; the exit code is 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * The values that an option takes. `flag`: none, or true or false. `value`: one. `values`: all up to the next option,
 * also separated by commas. `files`: all up to the next option. `texts`: one each time the option is given, with any
 * content.
 */
export type OptionKind = 'flag' | 'value' | 'values' | 'files' | 'texts';

export interface Arguments {
  readonly positionals: readonly string[];
  readonly options: ReadonlyMap<string, readonly string[]>;
}

/**
 * Parses `--name value`, `--name=value`, `--flag` and positionals. Dashes in names count as underscores, as in TRL's
 * command line. Everything after `--` is positional.
 *
 * @param known the kind of each option
 * @param refuse the reason why a name is refused that is not in `known`; null for the usual message
 * @throws UsageError
 */
export function parseArguments(
  argv: readonly string[],
  known: Readonly<Record<string, OptionKind>>,
  refuse?: (name: string) => string | null,
): Arguments {
  const positionals: string[] = [];
  const options = new Map<string, readonly string[]>();
  for (let next = 0; next < argv.length;) {
    const word = at(argv, next++);
    if (word === '--') {
      positionals.push(...argv.slice(next));
      break;
    }
    if (word === '-h') {
      options.set('help', []);
    } else if (!isOption(word)) {
      positionals.push(word);
    } else {
      const { name, kind, inline } = readOption(word, known, refuse);
      const count = inline === null ? following(argv, next, kind) : 0;
      const values = inline === null ? argv.slice(next, next + count) : [inline];
      if ((kind === 'value' || kind === 'texts') && values.length === 0)
        throw new UsageError(`--${name} needs a value`);
      options.set(name, collected(kind, values, options.get(name)));
      next += count;
    }
  }
  return { positionals, options };
}

function collected(kind: OptionKind, values: readonly string[], before: readonly string[] = []): readonly string[] {
  if (kind === 'texts') return [...before, ...values];
  return kind === 'values' ? values.flatMap((value) => value.split(',')).filter((value) => value !== '') : values;
}

/** Whether a flag is given, and not as false. */
export function flag(args: Arguments, name: string): boolean {
  const values = args.options.get(name);
  return values !== undefined && values[0] !== 'false';
}

/** The value of an option; null if it is not given. */
export function text(args: Arguments, name: string): string | null {
  return args.options.get(name)?.[0] ?? null;
}

/** All texts of an option that may be given several times; none if it is not given. */
export function texts(args: Arguments, name: string): readonly string[] {
  const given = args.options.get(name);
  return given === undefined ? [] : given;
}

/** The value of an option that must be given. */
export function required(args: Arguments, name: string): string {
  const value = text(args, name);
  if (value === null) throw new UsageError(`--${name} is missing`);
  return value;
}

/** The number of an option, which must be within bounds; `otherwise` if it is not given. */
export function number(
  args: Arguments,
  name: string,
  otherwise: number,
  bounds: { readonly min: number; readonly max?: number; readonly integer?: true },
): number {
  const given = text(args, name);
  if (given === null) return otherwise;
  const value = given.trim() === '' ? NaN : Number(given);
  const { min, max = Infinity, integer } = bounds;
  if (!Number.isFinite(value) || value < min || value > max || (integer && !Number.isInteger(value))) {
    const range = max === Infinity ? `at least ${min}` : `between ${min} and ${max}`;
    throw new UsageError(`--${name} must be a ${integer ? 'whole ' : ''}number ${range}, not ${given}`);
  }
  return value;
}

/** The tokens of `--max_length`; 1024 by default, as in TRL. Null for no limit. */
export function maxLength(args: Arguments): number | null {
  const given = text(args, 'max_length');
  if (given !== null && /^(null|none)$/i.test(given)) return null;
  return number(args, 'max_length', 1024, { min: 2, integer: true });
}

/** The value of an option, which must be one of some words; the first word if it is not given. */
export function choice<Word extends string>(args: Arguments, name: string, words: readonly [Word, ...Word[]]): Word {
  const given = text(args, name);
  const found = given === null ? words[0] : words.find((word) => word === given);
  if (found === undefined) throw new UsageError(`--${name} must be one of ${words.join(', ')}, not ${given}`);
  return found;
}

/** The only positional argument. */
export function onePositional(args: Arguments, what: string): string {
  const [first, second] = args.positionals;
  if (first === undefined) throw new UsageError(`${what} is missing`);
  if (second !== undefined) throw new UsageError(`give only one ${what}; unexpected argument ${second}`);
  return first;
}

function readOption(
  word: string,
  known: Readonly<Record<string, OptionKind>>,
  refuse?: (name: string) => string | null,
): { name: string; kind: OptionKind; inline: string | null } {
  const equals = word.indexOf('=');
  const given = word.slice(2, equals < 0 ? undefined : equals);
  const name = given.replaceAll('-', '_');
  const kind = Object.hasOwn(known, name) ? known[name] : undefined;
  if (kind === undefined) {
    const near = nearest(name, Object.keys(known));
    throw new UsageError(
      refuse?.(name) ?? `unknown option --${given}${near === null ? '' : `; did you mean --${near}?`}`,
    );
  }
  return { name, kind, inline: equals < 0 ? null : word.slice(equals + 1) };
}

/** How many of the words from an index on are values of an option. */
function following(argv: readonly string[], from: number, kind: OptionKind): number {
  const first = argv[from];
  if (first === undefined || isOption(first)) return 0;
  if (kind === 'value' || kind === 'texts') return 1;
  if (kind === 'flag') return first === 'true' || first === 'false' ? 1 : 0;
  const end = argv.slice(from).findIndex(isOption);
  return end < 0 ? argv.length - from : end;
}

function isOption(word: string): boolean {
  return word.startsWith('--');
}

import { nearest } from '../base/pure/nearest';

/** Wrong usage of the command line: the message and a hint to `--help` go to stderr, the exit code is 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * `flag`: no value, or true/false. `value`: one. `values`: all up to the next option, also separated by commas.
 * `texts`: one each time it is given, whatever is in it.
 */
export type OptionKind = 'flag' | 'value' | 'values' | 'texts';

export interface Arguments {
  readonly positionals: readonly string[];
  readonly options: ReadonlyMap<string, readonly string[]>;
}

/**
 * Reads `--name value`, `--name=value`, `--flag` and positionals. Dashes in names count as underscores, as in TRL's
 * command line. After `--` all is positional. `refuse` may give a better reason for a name that is not in `known`.
 */
export function parseArguments(
  argv: readonly string[],
  known: Readonly<Record<string, OptionKind>>,
  refuse?: (name: string) => string | null,
): Arguments {
  const positionals: string[] = [];
  const options = new Map<string, readonly string[]>();
  for (let at = 0; at < argv.length;) {
    const word = argv[at++] ?? '';
    if (word === '--') {
      positionals.push(...argv.slice(at));
      break;
    }
    if (word === '-h') {
      options.set('help', []);
    } else if (!isOption(word)) {
      positionals.push(word);
    } else {
      const { name, kind, inline } = readOption(word, known, refuse);
      const count = inline === null ? following(argv, at, kind) : 0;
      const values = inline === null ? argv.slice(at, at + count) : [inline];
      if ((kind === 'value' || kind === 'texts') && values.length === 0)
        throw new UsageError(`--${name} needs a value`);
      options.set(name, collected(kind, values, options.get(name)));
      at += count;
    }
  }
  return { positionals, options };
}

function collected(kind: OptionKind, values: readonly string[], before: readonly string[] = []): readonly string[] {
  if (kind === 'texts') return [...before, ...values];
  return kind === 'values' ? values.flatMap((value) => value.split(',')).filter((value) => value !== '') : values;
}

export function flag(args: Arguments, name: string): boolean {
  const values = args.options.get(name);
  return values !== undefined && values[0] !== 'false';
}

export function text(args: Arguments, name: string): string | null {
  return args.options.get(name)?.[0] ?? null;
}

/** All texts of an option that may be given several times. */
export function texts(args: Arguments, name: string): readonly string[] {
  return args.options.get(name) ?? [];
}

export function required(args: Arguments, name: string): string {
  const value = text(args, name);
  if (value === null) throw new UsageError(`--${name} is missing`);
  return value;
}

/** A number within bounds, or the default. */
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

/** `--max_length`: 1024 by default, as TRL's; null: no limit. */
export function maxLength(args: Arguments): number | null {
  return /^(null|none)$/i.test(text(args, 'max_length') ?? '')
    ? null
    : number(args, 'max_length', 1024, { min: 2, integer: true });
}

/** One of some words, or the first of them. */
export function choice<Word extends string>(args: Arguments, name: string, words: readonly [Word, ...Word[]]): Word {
  const given = text(args, name);
  const found = given === null ? words[0] : words.find((word) => word === given);
  if (found === undefined) throw new UsageError(`--${name} must be one of ${words.join(', ')}, not ${given}`);
  return found;
}

/** The only positional. */
export function onePositional(args: Arguments, what: string): string {
  const [first, second] = args.positionals;
  if (first === undefined) throw new UsageError(`${what} is missing`);
  if (second !== undefined) throw new UsageError(`one ${what} only; what is ${second}?`);
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

/** How many of the next words belong to an option. */
function following(argv: readonly string[], at: number, kind: OptionKind): number {
  const next = argv[at];
  if (next === undefined || isOption(next)) return 0;
  if (kind === 'value' || kind === 'texts') return 1;
  if (kind === 'flag') return next === 'true' || next === 'false' ? 1 : 0;
  const end = argv.slice(at).findIndex(isOption);
  return end < 0 ? argv.length - at : end;
}

function isOption(word: string): boolean {
  return word.startsWith('--');
}

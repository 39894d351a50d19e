import type { OwnColumns } from '../../pairs/own/ownColumns';
import type { TrainerName } from '../objectives';
import type { TrainConfig, WrittenConfig } from '../types';

/** The kinds of value that a key may have. The list kinds also accept a single item, as TRL does. */
export type KeyType =
  | { readonly kind: 'text' }
  /** A relative path starts at the folder of the config; `~` is not expanded. */
  | { readonly kind: 'path' }
  | { readonly kind: 'boolean' }
  | NumberBounds
  | Choice<string>
  | Choices<string>
  | { readonly kind: 'numbers'; readonly each?: NumberBounds }
  /** A list of module names, a regular expression for whole paths, or one of `words`, which stand for many modules. */
  | { readonly kind: 'modules'; readonly words: readonly string[] }
  /** A number for each regular expression of module paths. */
  | { readonly kind: 'patterns'; readonly each: NumberBounds }
  /** Key paths of the rows' prompt, answers and others. */
  | { readonly kind: 'columns' };

export interface NumberBounds {
  readonly kind: 'number';
  readonly integer?: true;
  readonly above?: number;
  readonly min?: number;
  readonly below?: number;
  readonly max?: number;
}

interface Choice<Word extends string> {
  readonly kind: 'choice';
  readonly of: readonly Word[];
}

/** One or several of the words in `of`; `texts` explains them, in the same order. */
interface Choices<Word extends string> {
  readonly kind: 'choices';
  readonly of: readonly Word[];
  readonly texts: readonly string[];
}

/** What messages, the command line and the schema need of a key. */
export interface Key {
  readonly name: keyof TrainConfig;
  readonly type: KeyType;
  /** `undefined` if the key is required. */
  readonly default: unknown;
  /** The defaults of trainers whose default differs. */
  readonly byTrainer?: Readonly<Partial<Record<TrainerName, unknown>>>;
  readonly nullable?: true;
  /** Hover text: what the key does and when to use which value. */
  readonly text: string;
}

/** The keys without a default. */
export type RequiredName = 'model_name_or_path' | 'train_file';

/**
 * The table of keys. The compiler checks it against the type of the config: each field needs an entry, each entry a
 * field, and an entry's type and default must fit its field.
 */
export type KeyTable = {
  readonly [Name in keyof WrittenConfig]: KeyEntry<
    WrittenConfig[Name],
    Name extends RequiredName ? undefined : WrittenConfig[Name]
  >;
};

/** The entry of a field with values of type `Value`. */
type KeyEntry<Value, Default> = {
  readonly type: TypeOf<Exclude<Value, null>>;
  readonly default: Default;
  readonly byTrainer?: Readonly<Partial<Record<TrainerName, Value>>>;
  readonly text: string;
} & (null extends Value ? { readonly nullable: true } : { readonly nullable?: never });

/** The kinds of key that produce values of type `Value`. The brackets keep TypeScript from splitting unions. */
export type TypeOf<Value> = [Value] extends [boolean]
  ? Extract<KeyType, { kind: 'boolean' }>
  : [Value] extends [number]
    ? NumberBounds
    : [Value] extends [string]
      ? string extends Value
        ? Extract<KeyType, { kind: 'text' | 'path' }>
        : Choice<Value>
      : [Value] extends [readonly number[]]
        ? Extract<KeyType, { kind: 'numbers' }>
        : [Value] extends [readonly (infer Word extends string)[]]
          ? Choices<Word>
          : [Value] extends [string | readonly string[]]
            ? Extract<KeyType, { kind: 'modules' }>
            : [Value] extends [Readonly<Record<string, number>>]
              ? Extract<KeyType, { kind: 'patterns' }>
              : [Value] extends [OwnColumns]
                ? Extract<KeyType, { kind: 'columns' }>
                : never;

/** A whole number from 1. */
export const count = { kind: 'number', integer: true, min: 1 } as const;
/** A whole number from 0. */
export const countOrZero = { kind: 'number', integer: true, min: 0 } as const;

/** The default of a key for a trainer; `undefined` if the key is required. */
export function defaultOf({ byTrainer = {}, default: common }: Key, trainer: unknown): unknown {
  const own = Object.entries(byTrainer).find(([name]) => name === trainer);
  return own ? own[1] : common;
}

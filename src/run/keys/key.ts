import type { TrainerName } from '../objectives';
import type { TrainConfig } from '../types';

/** What a value of a key may be. `list`s also take a single item, as TRL does. */
export type KeyType =
  | { readonly kind: 'text' }
  /** Relative paths start at the config's folder; `~` is not expanded. */
  | { readonly kind: 'path' }
  | { readonly kind: 'boolean' }
  | NumberBounds
  | { readonly kind: 'choice'; readonly of: readonly string[] }
  /** `texts` explain the choices, one each. */
  | { readonly kind: 'choices'; readonly of: readonly string[]; readonly texts: readonly string[] }
  | { readonly kind: 'numbers'; readonly each?: NumberBounds }
  /** Module names, a pattern for whole paths, or one of these words for all of them. */
  | { readonly kind: 'modules'; readonly words: readonly string[] }
  /** A number for each pattern of module paths. */
  | { readonly kind: 'patterns'; readonly each: NumberBounds };

export interface NumberBounds {
  readonly kind: 'number';
  readonly integer?: true;
  readonly above?: number;
  readonly min?: number;
  readonly below?: number;
  readonly max?: number;
}

export interface Key {
  readonly name: keyof TrainConfig;
  readonly type: KeyType;
  /** undefined: the key is mandatory. */
  readonly default: unknown;
  /** Where a trainer's own default differs. */
  readonly byTrainer?: Readonly<Partial<Record<TrainerName, unknown>>>;
  readonly nullable?: true;
  /** Hover text: what it is, and when to use which value. */
  readonly text: string;
}

/** A whole number from 1. */
export const count = { kind: 'number', integer: true, min: 1 } as const;
/** A whole number from 0. */
export const countOrNone = { kind: 'number', integer: true, min: 0 } as const;

/** What a key is where it is not given. */
export function defaultOf({ byTrainer, default: common }: Key, trainer: unknown): unknown {
  const own = Object.entries(byTrainer ?? {}).find(([name]) => name === trainer);
  return own ? own[1] : common;
}

import type { TrainConfig, WrittenConfig } from '../types';

/** The valid values of a config. A key whose value is not valid is missing. */
export type ValidValues = Readonly<Partial<WrittenConfig>>;

/** A rule about several keys of a config. */
export interface Rule {
  /** The key that the problem is reported at. */
  readonly field: keyof TrainConfig;
  /** A message that names the keys and the fix, or null if the values follow the rule. */
  readonly check: (values: ValidValues) => string | null;
}

/**
 * A rule that applies only if all keys it reads have valid values; a key that does not is reported by itself.
 *
 * @param field the key that the problem is reported at
 * @param others the other keys that the rule reads
 */
export function rule<Name extends keyof WrittenConfig>(
  field: Name,
  others: readonly Name[],
  check: (values: Pick<WrittenConfig, Name>) => string | null,
): Rule {
  const reads: readonly Name[] = [field, ...others];
  const hasAll = (values: ValidValues): values is ValidValues & Pick<WrittenConfig, Name> =>
    reads.every((name) => values[name] !== undefined);
  return { field, check: (values) => (hasAll(values) ? check(values) : null) };
}

/** `"a", "b"` */
export const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');

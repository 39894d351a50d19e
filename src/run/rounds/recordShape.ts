import { isRecord } from '../../base/pure/isRecord';
import { MarginError } from '../../base/pure/marginError';
import { promptChoices, type RoundMeasures, type RoundRecord, roundReferences, type RoundsRecord } from './types';

type Fields<T> = Partial<Record<keyof T, unknown>>;
type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string';
const isNumber: Check = (value) => Number.isFinite(value);
const isCount: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const shaped =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isRecord(value) && Object.entries(fields).every(([name, check]) => check(value[name]));
const oneOf =
  (words: readonly string[]): Check =>
  (value) =>
    words.some((word) => word === value);

const isShare = { low: isNumber, high: isNumber };
const isWinRate = shaped({
  rate: isNumber,
  ...isShare,
  wins: isCount,
  ties: isCount,
  losses: isCount,
  judge: isText,
});

/** The checks of each field. The type makes the compiler name a missing one. */
const measureFields: Readonly<Record<keyof RoundMeasures, Check>> = {
  heldOut: orNull(shaped({ accuracy: isNumber, ...isShare, pairs: isCount })),
  winRate: orNull(isWinRate),
  winRateBase: orNull(isWinRate),
  guard: orNull(shaped({ before: isNumber, after: isNumber })),
};

const isMeasures = orNull(shaped(measureFields));

const roundFields: Readonly<Record<keyof RoundRecord, Check>> = {
  round: (value) => isCount(value) && value !== 0,
  policy: shaped({ model: isText, checkpoint: orNull(isText) }),
  reference: oneOf(roundReferences),
  prompts: shaped({
    file: orNull(isText),
    filter: orNull(isText),
    count: orNull(isCount),
    seed: isCount,
    choice: oneOf(promptChoices),
  }),
  drafts: shaped({ k: isCount, temperature: isNumber, top_p: isNumber, max_new_tokens: isCount, seed: isCount }),
  mix: isNumber,
  run: orNull(isText),
  judge: orNull(isText),
  measures: isMeasures,
};

const recordFields: Readonly<Record<Exclude<keyof RoundsRecord, 'rounds'>, Check>> = {
  version: isNumber,
  name: isText,
  base: isText,
  held_out: orNull(isText),
  guard_file: orNull(isText),
  base_measures: isMeasures,
};

/**
 * Checks the content of a rounds.json, which may come from anyone.
 *
 * @throws MarginError `corrupt` with the file and the field
 */
export function asRoundsRecord(value: Readonly<Record<string, unknown>>, path: string): RoundsRecord {
  const { rounds }: Fields<RoundsRecord> = value;
  const wrong = wrongField(value, recordFields, '') ?? wrongRound(rounds);
  if (wrong !== null)
    throw new MarginError(
      'corrupt',
      `${path}: ${wrong} is missing or wrong: the file is damaged. Restore it or delete the folder.`,
      { path, field: wrong },
    );
  const checked: unknown = value;
  assertChecked(checked);
  return checked;
}

function wrongRound(rounds: unknown): string | null {
  if (!Array.isArray(rounds)) return 'rounds';
  for (const [i, round] of rounds.entries()) {
    if (!isRecord(round) || round['round'] !== i + 1) return `rounds[${i}].round`;
    const wrong = wrongField(round, roundFields, `rounds[${i}].`);
    if (wrong !== null) return wrong;
  }
  return null;
}

function wrongField(
  value: Readonly<Record<string, unknown>>,
  fields: Readonly<Record<string, Check>>,
  before: string,
): string | null {
  const found = Object.entries(fields).find(([name, check]) => !check(value[name]));
  return found ? `${before}${found[0]}` : null;
}

/** Every field was checked, and the types of the tables guarantee that none is missing from them. */
function assertChecked(value: unknown): asserts value is RoundsRecord {
  if (!isRecord(value)) throw new MarginError('internal', 'a checked record must be an object');
}

import { beyondBounds, type JsonBounds } from '../base/pure/jsonBounds';
import { isRecord } from '../base/pure/isRecord';
import { errorMessage, MarginError } from '../base/pure/marginError';

export type Json = Readonly<Record<string, unknown>>;

/**
 * A tokenizer.json with a million merges has a million lists; config files have a few. No known file nests deeper
 * than 10 levels.
 */
const bounds: JsonBounds = { depth: 64, containers: 4_000_000 };

/** Above this, a side of a tensor does not fit an int32, as many kernels of ONNX Runtime require. */
const maxSize = 2 ** 31 - 1;
/** The deepest model known, Llama 3.1 405B, has 126 layers. */
const maxLayers = 1000;

/**
 * Parses a JSON object from a model's file.
 *
 * @param file for errors
 * @throws MarginError `bad-config` if the text is not a JSON object, or nests deeper or has more lists than any known
 *   file
 */
export function parseObject(text: string, file: string): Json {
  const beyond = beyondBounds(text, bounds);
  if (beyond !== null)
    throw new MarginError('bad-config', `${file} is not a model's JSON file: ${beyond}. Download it again.`, { file });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new MarginError('bad-config', `${file} is not valid JSON: ${errorMessage(error)}`);
  }
  if (isRecord(value)) return value;
  throw new MarginError('bad-config', `${file} must hold a JSON object`);
}

/**
 * Reads typed fields of config.json. Errors name the file and the field. A fallback is used where a field is absent or
 * null, as in `transformers`. Where null in the file means "none", use {@link optionalNumber}.
 *
 * Every method throws MarginError `bad-config` for a value of another type.
 */
export class Fields {
  constructor(
    readonly file: string,
    readonly json: Json,
  ) {}

  /** A number above 0. */
  number(name: string, fallback?: number): number {
    const value = this.json[name] ?? fallback;
    if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value;
    throw this.bad(name, 'a positive number', value);
  }

  /** A whole number from 1 to `max`. */
  integer(name: string, fallback?: number, max = maxSize): number {
    const value = this.number(name, fallback);
    if (!Number.isSafeInteger(value)) throw this.bad(name, 'a whole number', value);
    if (value <= max) return value;
    throw this.bad(name, `at most ${max.toLocaleString('en')}`, value);
  }

  /** A number of layers. It is bounded because memory is allocated for each layer. */
  layers(name: string): number {
    return this.integer(name, undefined, maxLayers);
  }

  /**
   * A number above 0, or null for "none".
   *
   * @param absent the value of an absent field
   */
  optionalNumber(name: string, absent: number | null): number | null {
    const value = this.json[name];
    if (value === null || (value === undefined && absent === null)) return null;
    return this.number(name, absent ?? undefined);
  }

  boolean(name: string, fallback: boolean): boolean {
    const value = this.json[name] ?? fallback;
    if (typeof value === 'boolean') return value;
    throw this.bad(name, 'true or false', value);
  }

  /** An object; null: it is absent. */
  record(name: string): Json | null {
    const value = this.json[name] ?? null;
    if (value === null || isRecord(value)) return value;
    throw this.bad(name, 'an object', value);
  }

  /** A list of exactly `length` entries; null: it is absent. */
  list(name: string, length: number): readonly unknown[] | null {
    const value = this.json[name] ?? null;
    if (value === null || (Array.isArray(value) && value.length === length)) return value;
    throw this.bad(name, `a list of ${length} entries`, value);
  }

  /** A list of exactly `length` numbers above 0. */
  numbers(name: string, length: number): readonly number[] {
    const value = this.list(name, length);
    if (value?.every((item): item is number => typeof item === 'number' && Number.isFinite(item) && item > 0))
      return value;
    throw this.bad(name, `a list of ${length} positive numbers`, value);
  }

  /**
   * Accepts only settings that Margin computes correctly.
   *
   * @throws MarginError `unsupported-config` for any other value
   */
  only(name: string, supported: readonly unknown[], fallback: unknown): void {
    const value = this.json[name] ?? fallback;
    if (supported.includes(value)) return;
    const words = supported.map((one) => JSON.stringify(one)).join(' and ');
    throw new MarginError(
      'unsupported-config',
      `${this.file}: "${name}" is ${JSON.stringify(value)}; supported is ${words}`,
      { field: name },
    );
  }

  bad(name: string, wanted: string, value: unknown): MarginError {
    return new MarginError('bad-config', `${this.file}: "${name}" must be ${wanted}, found ${JSON.stringify(value)}`, {
      field: name,
    });
  }
}

import { beyondBounds, type JsonBounds } from '../base/pure/jsonBounds';
import { isRecord } from '../base/pure/isRecord';
import { errorMessage, MarginError } from '../base/pure/marginError';

export type Json = Readonly<Record<string, unknown>>;

/**
 * A tokenizer.json of a million merges has as many lists, and config files have a few. None that is known nests deeper
 * than 10 levels.
 */
const bounds: JsonBounds = { depth: 64, containers: 4_000_000 };

/** No tensor that ONNX Runtime takes has a longer side. */
const maxSize = 2 ** 31 - 1;
/** The deepest model known, Llama 3.1 405B, has 126 layers. */
const maxLayers = 1000;

/** @throws MarginError `bad-config` if the text is no JSON object, or has more structure than any such file */
export function parseObject(text: string, file: string): Json {
  const beyond = beyondBounds(text, bounds);
  if (beyond !== null)
    throw new MarginError('bad-config', `${file} is not a file of its kind: ${beyond}. Download it again.`, { file });
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
 * Reads one field of config.json after another and names the file and field of what is wrong. A fallback stands for a
 * field that is absent or null, as in `transformers`; where null means "none", ask with `optionalInteger`.
 */
export class Fields {
  constructor(
    readonly file: string,
    readonly json: Json,
  ) {}

  number(name: string, fallback?: number): number {
    const value = this.json[name] ?? fallback;
    if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value;
    throw this.bad(name, 'a positive number', value);
  }

  integer(name: string, fallback?: number, max = maxSize): number {
    const value = this.number(name, fallback);
    if (!Number.isSafeInteger(value)) throw this.bad(name, 'a whole number', value);
    if (value <= max) return value;
    throw this.bad(name, `at most ${max.toLocaleString('en')}`, value);
  }

  /** A number of layers: what is made for each layer must not fill the memory. */
  layers(name: string): number {
    return this.integer(name, undefined, maxLayers);
  }

  /** @param absent what a missing field means; null in the file means none */
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

  record(name: string): Json | null {
    const value = this.json[name] ?? null;
    if (value === null || isRecord(value)) return value;
    throw this.bad(name, 'an object', value);
  }

  /** A list of `length` entries, or null where there is none. */
  list(name: string, length: number): readonly unknown[] | null {
    const value = this.json[name] ?? null;
    if (value === null || (Array.isArray(value) && value.length === length)) return value;
    throw this.bad(name, `a list of ${length} entries`, value);
  }

  numbers(name: string, length: number): readonly number[] {
    const value = this.list(name, length);
    if (value?.every((item): item is number => typeof item === 'number' && Number.isFinite(item) && item > 0))
      return value;
    throw this.bad(name, `a list of ${length} positive numbers`, value);
  }

  /** Refuses what would otherwise be computed as something else. */
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

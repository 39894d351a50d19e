import { isRecord } from '../base/pure/isRecord';
import { asColumns, columnsProblem } from '../pairs/own/ownColumns';
import { asPairRule, type PairRule } from '../pairs/pairRule';
import { detectAll, type Reading, withColumns } from '../pairs/reading';
import { matchesGlob } from './glob';
import { ruleLevelsFor, rulesSetting } from './ruleLevels';

const memoryKey = 'readings';
const rulesKey = 'pairRules';

/** The setting with the columns of files. */
export const columnsSetting = 'margin.columns';

/** A file, as its choices and settings name it. */
export interface NamedFile {
  /** The path in the workspace; the whole path of a file outside of it. Choices are remembered under it. */
  readonly key: string;
  /** The path that patterns of settings are compared with. */
  readonly path: string;
  /** The value of a setting that holds for the file. */
  readonly setting: (name: string) => unknown;
}

/** The part of VS Code's `Memento` that is used: what is remembered in a workspace. */
export interface Memory {
  get<T>(key: string, fallback: T): T;
  update(key: string, value: unknown): PromiseLike<void>;
}

/**
 * How the rows of each file are read: as the person chose for the file, else as the setting `margin.columns` says, else
 * each row in the format that is detected. Lists become pairs by the rule that the person chose, else by the default.
 * Choices are remembered in the workspace. The setting `margin.rules` has the severities of the checks.
 */
export class FileReadings {
  /** The same object for a file until something changes: formats of own columns are built once for each. */
  private readonly known = new Map<string, Reading>();
  private readonly told = new Set<string>();

  /**
   * @param changed called after a choice
   * @param warn shows a sentence about a wrong setting
   */
  constructor(
    private readonly memory: Memory,
    private readonly changed: () => void,
    private readonly warn: (message: string) => void,
  ) {}

  of(file: NamedFile): Reading {
    const known = this.known.get(file.key);
    if (known) return known;
    const { format, columns } = this.chosen(file) ?? this.inSettings(file) ?? detectAll;
    const reading = { format, columns, rule: this.chosenRule(file), levels: this.levels(file), ignored: null };
    this.known.set(file.key, reading);
    return reading;
  }

  /** The person's choice for a file; null if there is none. */
  chosen({ key }: Pick<NamedFile, 'key'>): Reading | null {
    const choice = this.remembered(memoryKey)[key];
    if (!isRecord(choice)) return null;
    const columns = asColumns(choice['columns']);
    if (columns) return withColumns(columns);
    return typeof choice['format'] === 'string' ? { ...detectAll, format: choice['format'] } : null;
  }

  /** Remembers a choice; null forgets it. */
  choose({ key }: Pick<NamedFile, 'key'>, reading: Reading | null): Promise<void> {
    return this.remember(memoryKey, key, reading);
  }

  /** The pair rule that the person chose for a file; null if there is none. */
  chosenRule({ key }: Pick<NamedFile, 'key'>): PairRule | null {
    return asPairRule(this.remembered(rulesKey)[key]);
  }

  /** Remembers the pair rule of a file; null forgets it, and the rule is the default. */
  chooseRule({ key }: Pick<NamedFile, 'key'>, rule: PairRule | null): Promise<void> {
    return this.remember(rulesKey, key, rule);
  }

  /** Forgets what was read of settings, because they have changed. */
  forget(): void {
    this.known.clear();
  }

  private remembered(of: string): Readonly<Record<string, unknown>> {
    return this.memory.get<Readonly<Record<string, unknown>>>(of, {});
  }

  private async remember(of: string, key: string, value: Reading | PairRule | null): Promise<void> {
    const { [key]: _, ...others } = this.remembered(of);
    await this.memory.update(of, value === null ? others : { ...others, [key]: value });
    this.known.clear();
    this.changed();
  }

  private levels({ path, setting }: NamedFile): Reading['levels'] {
    return ruleLevelsFor(setting(rulesSetting), path, (message) => this.tell(message));
  }

  private inSettings({ key, path, setting }: NamedFile): Reading | null {
    const patterns = setting(columnsSetting);
    if (!isRecord(patterns)) return null;
    const found = Object.keys(patterns).find((pattern) => pattern === key || matchesGlob(path, pattern));
    if (found === undefined) return null;
    const columns = asColumns(patterns[found]);
    if (columns) return withColumns(columns);
    this.tell(`The setting ${columnsSetting}, "${found}", ${String(columnsProblem(patterns[found]))}.`);
    return null;
  }

  /** Warns once about a wrong setting. */
  private tell(message: string): void {
    if (this.told.has(message)) return;
    this.told.add(message);
    this.warn(message);
  }
}

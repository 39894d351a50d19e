import type { WrittenConfig } from '../types';
import { adapterKeys } from './adapterKeys';
import { backendKeys } from './backendKeys';
import { dataKeys } from './dataKeys';
import { evaluationKeys } from './evaluationKeys';
import type { Key, KeyTable } from './key';
import { lossKeys } from './lossKeys';
import { optimizerKeys } from './optimizerKeys';

/**
 * Every key of a `*.train.json`. Names and defaults are those of TRL 1.16 (`DPOConfig`, `ModelConfig`,
 * `TrainingArguments`) and PEFT; if a default differs, the text says why. Validation, the command line and the JSON
 * schema come from this table.
 */
export const keyTable: KeyTable = {
  ...dataKeys,
  ...lossKeys,
  ...optimizerKeys,
  ...evaluationKeys,
  ...adapterKeys,
  ...backendKeys,
};

/** The table as a list, in the order in which help and errors show the keys. */
export const keys: readonly Key[] = Object.entries(keyTable).map(([name, entry]) => ({ ...entry, name: asName(name) }));

/** `Object.entries` types names as strings; the type of the table says that each one is a field of the config. */
function asName(name: string): keyof WrittenConfig {
  return name as keyof WrittenConfig;
}

import { adapterKeys } from './adapterKeys';
import { dataKeys } from './dataKeys';
import { evaluationKeys } from './evaluationKeys';
import { lossKeys } from './lossKeys';
import { optimizerKeys } from './optimizerKeys';
import type { Key } from './key';

/**
 * Every key of a `*.train.json`, in the order in which a reader wants them. Names and defaults are those of TRL 1.16
 * (`DPOConfig`, `ModelConfig`, `TrainingArguments`) and PEFT; where a default differs, the text says why. Validation,
 * the command line and the JSON schema all come from this table.
 */
export const keys: readonly Key[] = [...dataKeys, ...lossKeys, ...optimizerKeys, ...evaluationKeys, ...adapterKeys];

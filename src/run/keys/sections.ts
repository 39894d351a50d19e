import type { TrainConfig } from '../types';
import { adapterKeys } from './adapterKeys';
import { backendKeys } from './backendKeys';
import { evaluationKeys } from './evaluationKeys';
import type { Key } from './key';
import { keys } from './keys';
import { lossKeys } from './lossKeys';
import { optimizerKeys } from './optimizerKeys';

export interface KeySection {
  readonly id: 'model' | 'data' | 'loss' | 'adapter' | 'optimizer' | 'evaluation' | 'backend';
  readonly title: string;
  /** In the order in which a form shows them. */
  readonly keys: readonly Key[];
}

const modelNames: readonly (keyof TrainConfig)[] = ['model_name_or_path', 'adapter_name_or_path', 'dtype', 'device'];
const objectiveNames: readonly (keyof TrainConfig)[] = ['trainer', ...namesOf(lossKeys)];
const adapterNames = namesOf(adapterKeys).filter((name) => !modelNames.includes(name));
const others = [
  ...modelNames,
  ...objectiveNames,
  ...adapterNames,
  ...namesOf(optimizerKeys),
  ...namesOf(evaluationKeys),
  ...namesOf(backendKeys),
];

/** Every key of the table, in the sections of a form. A key of no other section is in `data`. */
export const keySections: readonly KeySection[] = [
  { id: 'model', title: 'Model', keys: named(modelNames) },
  { id: 'data', title: 'Data', keys: keys.filter(({ name }) => !others.includes(name)) },
  { id: 'loss', title: 'Loss', keys: named(objectiveNames) },
  { id: 'adapter', title: 'Adapter', keys: named(adapterNames) },
  { id: 'optimizer', title: 'Optimizer', keys: named(namesOf(optimizerKeys)) },
  { id: 'evaluation', title: 'Logging, evaluation, checkpoints', keys: named(namesOf(evaluationKeys)) },
  { id: 'backend', title: 'Backend', keys: named(namesOf(backendKeys)) },
];

function named(names: readonly (keyof TrainConfig)[]): readonly Key[] {
  return names.flatMap((name) => keys.filter((key) => key.name === name));
}

/** `Object.keys` types names as strings; the type of each part of the table says that they are fields of the config. */
function namesOf(part: Readonly<Partial<Record<keyof TrainConfig, unknown>>>): (keyof TrainConfig)[] {
  return Object.keys(part) as (keyof TrainConfig)[];
}

import { MarginError } from '../base/pure/marginError';
import type { TrainConfig } from '../run/types';

/** @throws MarginError `config-file` if a config names itself as its train_file */
export function refuseItself({ train_file: data }: TrainConfig, file: string): void {
  if (data === file)
    throw new MarginError('config-file', `train_file: ${file} is the config itself.`, { field: 'train_file' });
}

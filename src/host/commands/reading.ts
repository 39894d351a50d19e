import { chooseFormat } from '../reading/chooseFormat';
import { type CommandServices, type Commands, fileOf } from './target';

/** Commands for how the rows of a file are read. */
export function readingCommands({ readings, notices }: CommandServices) {
  return {
    'margin.chooseFormat': async (target) => {
      const file = fileOf(target);
      if (file) await chooseFormat(readings, notices, file);
      else await notices.info('Open a file as pairs first, or choose one under Datasets.');
    },
    'margin.forgetFormat': async (target) => {
      const file = fileOf(target);
      if (file) await readings.choose(file, null);
    },
  } satisfies Partial<Commands>;
}

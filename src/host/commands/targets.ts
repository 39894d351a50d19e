import { askConfigFile, isConfig } from '../askConfigFile';
import { chooseTarget } from '../targets/chooseTarget';
import { type CommandServices, type Commands, fileOf } from './target';

/** Commands about where a run of TRL trains. */
export function targetCommands({ notices }: CommandServices) {
  return {
    'margin.chooseTarget': async (target) => {
      const active = fileOf(target);
      const file = isConfig(active)
        ? active
        : await askConfigFile(notices, 'Margin: Target', 'Config that gets the target', 'A target');
      if (file) await chooseTarget(file, notices);
    },
  } satisfies Partial<Commands>;
}

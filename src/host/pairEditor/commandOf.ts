import type { CommandName } from '../../protocol/pairEditor';
import type { CommandId } from '../commands/commandIds';

/** The commands of the view's buttons. */
export const commandOf: Readonly<Record<CommandName, CommandId | 'workbench.action.files.save'>> = {
  openRun: 'margin.showInRun',
  train: 'margin.train',
  openText: 'margin.openAsText',
  score: 'margin.score',
  goToRow: 'margin.goToRow',
  chooseFormat: 'margin.chooseFormat',
  save: 'workbench.action.files.save',
  saveAsLines: 'margin.saveAsLines',
  review: 'margin.review',
  explainReadOnly: 'margin.explainReadOnly',
};

import type { PairEditorHost } from '../../protocol/pairEditor';
import type { CommandId } from '../commands/commandIds';

type Name = PairEditorHost['requests']['command']['params']['name'];

/** The commands of the view's buttons. */
export const commandOf: Readonly<Record<Name, CommandId | 'workbench.action.files.save'>> = {
  openRun: 'margin.showInRun',
  train: 'margin.train',
  openText: 'margin.openAsText',
  score: 'margin.score',
  goToRow: 'margin.goToRow',
  chooseFormat: 'margin.chooseFormat',
  save: 'workbench.action.files.save',
};

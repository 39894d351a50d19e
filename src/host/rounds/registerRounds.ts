import type * as vscode from 'vscode';
import type { Reviewer } from '../review/reviewer';
import { EditorModels } from './editorModels';
import { EndpointKeys } from './endpointKeys';
import { RoundActions, type RoundActionServices } from './roundActions';
import { RoundPanels } from './roundPanels';
import { RoundWork } from './roundWork';

/** Everything about rounds: their tabs, what can be done with them, and the processes that do it. */
export interface Rounds {
  readonly panels: RoundPanels;
  readonly actions: RoundActions;
  readonly work: RoundWork;
}

export function registerRounds(
  services: Omit<RoundActionServices, 'work' | 'keys' | 'models'> & { readonly reviewer: Reviewer },
  { secrets, globalState }: Pick<vscode.ExtensionContext, 'secrets' | 'globalState'>,
): Rounds {
  const work = new RoundWork(services.extension, services.notices);
  const keys = new EndpointKeys(secrets, globalState);
  const actions = new RoundActions({ ...services, work, keys, models: new EditorModels() });
  return { work, actions, panels: new RoundPanels({ ...services, work, actions }) };
}

import * as vscode from 'vscode';
import type { Handlers } from '../../protocol/channel';
import type { Overview, PairEditorHost } from '../../protocol/pairEditor';
import { actOnRule } from '../reading/ruleActions';
import { commandOf } from './commandOf';
import type { PairViewServices } from './pairViewServices';
import { setReading } from './sourceChange';
import type { OpenParts } from './viewFacts';

interface FileParts extends Pick<OpenParts, 'document' | 'scan' | 'ignored'> {
  readonly services: PairViewServices;
  readonly overview: () => Overview;
}

type FileRequests = 'setPairRule' | 'rule' | 'setChecking' | 'setReading' | 'command';

/** Answers what a view asks about the file as a whole. */
export function fileHandlers(parts: FileParts): Pick<Handlers<PairEditorHost>, FileRequests> {
  const { document, scan, ignored, services, overview } = parts;
  return {
    setPairRule: async ({ rule }) => (await services.readings.chooseRule(document.uri, rule), null),
    rule: async (asked) => {
      if ('row' in asked) await ignored.set(asked.row, asked.rule, asked.action === 'ignoreInRow');
      else await actOnRule(asked, document.uri);
      return null;
    },
    command: async ({ name }) => {
      await vscode.commands.executeCommand(commandOf[name], document.uri);
      return null;
    },
    setChecking: ({ on }) => {
      scan.setOn(on);
      return overview();
    },
    setReading: async ({ on }) => {
      await setReading(document, on, services.notices);
      return overview();
    },
  };
}

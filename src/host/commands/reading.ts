import * as vscode from 'vscode';
import { chooseFormat } from '../reading/chooseFormat';
import { choosePairRule } from '../reading/choosePairRule';
import { ignoreRule, showRules } from '../reading/ruleActions';
import { uriName } from '../uriName';
import { type CommandServices, type Commands, fileOf } from './target';

/** Commands for how the rows of a file are read. */
export function readingCommands({ editor, readings, notices, extension }: CommandServices) {
  return {
    'margin.chooseFormat': async (target) => {
      const file = fileOf(target);
      if (file) await chooseFormat(readings, notices, file);
      else await notices.info('Open a file as pairs first, or choose one under Datasets.');
    },
    'margin.choosePairRule': async (target) => {
      const file = fileOf(target);
      if (!file) return notices.info('Open a file as pairs first, or choose one under Datasets.');
      const lists = await editor.listsOf(file);
      if (lists) return choosePairRule(readings, lists, file);
      return notices.info(`${uriName(file)} has no lists of answers, so it needs no pair rule.`);
    },
    'margin.forgetFormat': async (target) => {
      const file = fileOf(target);
      if (file) await readings.choose(file, null);
    },
    'margin.ignoreRule': (rule, uri) => ignoreRule(vscode.Uri.parse(String(uri)), String(rule)),
    'margin.showRules': (rule) => showRules(extension, typeof rule === 'string' ? rule : null),
  } satisfies Partial<Commands>;
}

import * as vscode from 'vscode';
import { MarginError } from '../../base/pure/marginError';
import { marginCommand } from '../marginCommand';
import { type Notices, logError } from '../notices';
import { plainMessage } from '../../base/pure/plainText';
import { readingOptions } from '../reading/commandOptions';
import type { Readings } from '../reading/readings';
import type { RunsModel } from '../runs/runsModel';
import { scoredRuns } from '../suspects/scoredRuns';
import type { AgentTool, ToolWork } from './agentTool';
import { convertTool } from './convertTool';
import { LinesOfCommand } from './linesOfCommand';
import { queryTool } from './queryTool';
import { statsTool } from './statsTool';
import { suspectsTool } from './suspectsTool';
import type { ToolName } from './toolNames';
import { newWorkspacePath, workspacePath } from './workspacePath';

/** Most characters of a result if the agent does not say how many tokens it takes. */
const usualCharacters = 40_000;
/** A token of JSON has about three characters, fewer than one of prose. */
const charactersPerToken = 3;

export interface ToolParts {
  readonly extension: vscode.Uri;
  readonly notices: Notices;
  readonly readings: Readings;
  readonly runs: RunsModel;
}

/** The tools for chat agents, as VS Code calls them. */
export function agentTools(parts: ToolParts): Readonly<Record<ToolName, vscode.LanguageModelTool<unknown>>> {
  return {
    margin_query: ofEditor(queryTool, parts),
    margin_stats: ofEditor(statsTool, parts),
    margin_suspects: ofEditor(suspectsTool, parts),
    margin_convert: ofEditor(convertTool, parts),
  };
}

function ofEditor<Input>(tool: AgentTool<Input>, parts: ToolParts): vscode.LanguageModelTool<Input> {
  return {
    prepareInvocation({ input }) {
      const asked = tool.confirm(input);
      const invocationMessage = plainMessage(tool.doing(input));
      if (asked === null) return { invocationMessage };
      return { invocationMessage, confirmationMessages: { title: asked.title, message: plainMessage(asked.message) } };
    },
    async invoke({ input, tokenizationOptions }, token) {
      refuseUntrusted();
      const most =
        tokenizationOptions === undefined ? usualCharacters : charactersPerToken * tokenizationOptions.tokenBudget;
      try {
        const found = await tool.invoke(input, workOf(parts, token, most));
        return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(JSON.stringify(found))]);
      } catch (error) {
        // The agent gets the message; details help the person who reads the log.
        if (!(error instanceof vscode.CancellationError)) logError(parts.notices.log, error);
        throw error;
      }
    },
  };
}

/** @throws MarginError `untrusted` */
function refuseUntrusted(): void {
  if (vscode.workspace.isTrusted) return;
  const message = 'This window is in Restricted Mode. Margin’s tools wait until a person trusts the workspace.';
  throw new MarginError('untrusted', message);
}

function workOf({ extension, readings, runs }: ToolParts, token: vscode.CancellationToken, most: number): ToolWork {
  // Nothing is listed on a disk that VS Code reads through a provider of files.
  const folders = vscode.workspace.workspaceFolders;
  const roots =
    folders === undefined
      ? []
      : folders
          .filter(({ uri }) => uri.scheme === 'file' || uri.scheme === 'vscode-remote')
          .map(({ uri }) => uri.fsPath);
  return {
    path: (given) => workspacePath(given, roots),
    newPath: (given) => newWorkspacePath(given, roots),
    run: async (given) => {
      const named = (await runs.ready()).find(({ name }) => name === given);
      return workspacePath(named === undefined ? given : named.folder, roots);
    },
    runsOf: async (file) => (await scoredRuns(runs, file)).map(({ run }) => run.folder),
    readingOf: (file) => readingOptions(readings.of(vscode.Uri.file(file))),
    mostCharacters: most,
    async margin(argv, onLine) {
      const lines = new LinesOfCommand(onLine);
      const { code, stderr } = await marginCommand(extension, argv, token, lines.out, {}, lines.err);
      return lines.end(code, stderr);
    },
  };
}

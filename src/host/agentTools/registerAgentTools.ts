import * as vscode from 'vscode';
import { type ToolName, toolNames } from './toolNames';

type EditorTool = vscode.LanguageModelTool<unknown>;

/**
 * Registers the tools that `package.json` declares for chat agents. Without `vscode.lm`, as in editors that leave it
 * out, there are none.
 *
 * @param load gives a tool when an agent first wants it
 */
export function registerAgentTools(load: (name: ToolName) => Promise<EditorTool>): readonly vscode.Disposable[] {
  const api: Partial<typeof vscode> = vscode;
  const { lm } = api;
  if (typeof lm?.registerTool !== 'function') return [];
  return toolNames.map((name) =>
    lm.registerTool(
      name,
      loaded(() => load(name)),
    ),
  );
}

function loaded(load: () => Promise<EditorTool>): EditorTool {
  return {
    prepareInvocation: async (options, token) => (await load()).prepareInvocation?.(options, token),
    invoke: async (options, token) => (await load()).invoke(options, token),
  };
}

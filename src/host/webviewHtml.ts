import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { WireMessage, Port } from '../protocol/channel';
import { viewPage } from '../protocol/viewPage';

/** Lets a view load files of its own bundle, and none of the workspace. */
export function viewOptions(extension: vscode.Uri): vscode.WebviewOptions {
  return { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(extension, 'dist', 'webview')] };
}

/** A page that runs `dist/webview/NAME.js`, see {@link viewPage}. */
export function viewHtml(webview: vscode.Webview, extension: vscode.Uri, name: string, title: string): string {
  return viewPage({
    file: (path) => webview.asWebviewUri(vscode.Uri.joinPath(extension, 'dist', 'webview', path)).toString(),
    cspSource: webview.cspSource,
    nonce: randomBytes(16).toString('base64'),
    language: vscode.env.language,
    name,
    title,
  });
}

/** The host's end of the channel to a webview. */
export function hostPort(webview: vscode.Webview): Port {
  return {
    post(frame) {
      // A message to a hidden or closed view may be lost. A view asks again when it is shown.
      webview.postMessage(frame).then(undefined, () => undefined);
    },
    listen(receive) {
      const subscription = webview.onDidReceiveMessage((message: WireMessage) => receive(message));
      return () => subscription.dispose();
    },
  };
}

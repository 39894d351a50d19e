import * as vscode from 'vscode';
import type { Port, WireMessage } from '../protocol/channel';
import { viewPage } from '../protocol/viewPage';

/** The page of the pair editor. */
export function pageOf(webview: vscode.Webview, extension: vscode.Uri, { path }: vscode.Uri): string {
  const nonce = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
  return viewPage({
    file: (name) => webview.asWebviewUri(vscode.Uri.joinPath(extension, 'dist', 'webview', name)).toString(),
    cspSource: webview.cspSource,
    nonce,
    language: vscode.env.language,
    name: 'pairEditor',
    inBrowser: true,
    title: `Pairs of ${path.slice(path.lastIndexOf('/') + 1)}`,
  });
}

/** This side's end of the channel to a webview. */
export function portOf(webview: vscode.Webview): Port {
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

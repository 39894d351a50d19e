import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { WireMessage, Port } from '../protocol/channel';

/** Lets a view load files of its own bundle, and none of the workspace. */
export function viewOptions(extension: vscode.Uri): vscode.WebviewOptions {
  return { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(extension, 'dist', 'webview')] };
}

/** A page that runs `dist/webview/NAME.js`. Its policy allows that script and Margin's styles, and nothing else. */
export function viewHtml(webview: vscode.Webview, extension: vscode.Uri, name: string, title: string): string {
  const nonce = randomBytes(16).toString('base64');
  const file = (path: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(extension, 'dist', 'webview', path)).toString();
  const policy = [
    "default-src 'none'",
    // The nonce of a module holds for what it imports: views share files, and load some when they are wanted.
    `script-src 'nonce-${nonce}'`,
    // The toolkit's components use constructed style sheets, which need no exception. Inline styles stay forbidden.
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    `font-src ${webview.cspSource}`,
    `img-src ${webview.cspSource}`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${file('codicon.css')}">
<link rel="stylesheet" href="${file(`${name}.css`)}">
<title>${title.replaceAll(/[<&]/g, '')}</title>
</head>
<body><script type="module" nonce="${nonce}" src="${file(`${name}.js`)}"></script></body>
</html>`;
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

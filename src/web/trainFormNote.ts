import * as vscode from 'vscode';

/** In place of the training form, which needs Node: says where to open it. */
export class TrainFormNote implements vscode.CustomReadonlyEditorProvider {
  static readonly viewType = 'margin.trainForm';

  openCustomDocument(uri: vscode.Uri): vscode.CustomDocument {
    return { uri, dispose: () => undefined };
  }

  resolveCustomEditor(_document: vscode.CustomDocument, panel: vscode.WebviewPanel): void {
    panel.webview.html = `<!DOCTYPE html>
<html lang="${vscode.env.language}"><head><meta http-equiv="Content-Security-Policy" content="default-src 'none'"></head>
<body><p>Training needs VS Code on the desktop: open this folder there. Here the config opens as text.</p></body></html>`;
  }
}

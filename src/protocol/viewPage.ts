/** The files and values of a view's page, as its host gives them. */
export interface ViewPage {
  /** The address of a file of `dist/webview`. */
  readonly file: (name: string) => string;
  /** The source of Margin's styles in the page's policy. */
  readonly cspSource: string;
  /** A number used once, for the policy; base64. */
  readonly nonce: string;
  readonly language: string;
  /** The bundle: `pairEditor` for `pairEditor.js` and `pairEditor.css`. */
  readonly name: string;
  readonly title: string;
  /** Whether Node is missing: the view then hides what needs it. */
  readonly inBrowser?: boolean;
}

/** A page that runs a view. Its policy allows the script of the view and Margin's styles, and nothing else. */
export function viewPage({ file, cspSource, nonce, language, name, title, inBrowser = false }: ViewPage): string {
  const policy = [
    "default-src 'none'",
    // The nonce of a module holds for what it imports: views share files, and load some when they are wanted.
    `script-src 'nonce-${nonce}'`,
    // The toolkit's components use constructed style sheets, which need no exception. Inline styles stay forbidden.
    `style-src ${cspSource} 'nonce-${nonce}'`,
    `font-src ${cspSource}`,
    `img-src ${cspSource}`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${file('codicon.css')}">
<link rel="stylesheet" href="${file(`${name}.css`)}">
<title>${title.replaceAll(/[<&]/g, '')}</title>
</head>
<body${inBrowser ? ' class="in-browser"' : ''}><script type="module" nonce="${nonce}" src="${file(`${name}.js`)}"></script></body>
</html>`;
}

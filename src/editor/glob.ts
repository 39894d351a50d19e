/**
 * Whether a path matches a pattern of the setting `margin.columns`: `*` stands for any characters but `/`, `**` for any
 * folders, `?` for one character, `{a,b}` for one of several texts. A pattern without `/` is a file name in any folder.
 *
 * @param path relative to the workspace, with `/`
 */
export function matchesGlob(path: string, pattern: string): boolean {
  const whole = pattern.includes('/') ? pattern.replace(/^\.?\//, '') : `**/${pattern}`;
  return expression(whole).test(path);
}

const parts: Readonly<Record<string, string>> = {
  '**/': '(?:.*/)?',
  '**': '.*',
  '*': '[^/]*',
  '?': '[^/]',
  '{': '(?:',
  '}': ')',
  ',': '|',
};

function expression(pattern: string): RegExp {
  const braces = /\{[^{}]*\}/.test(pattern);
  const text = pattern.replaceAll(/\*\*\/|\*\*|[*?{},]|[^*?{},]+/g, (part) => {
    const known = braces || !/[{},]/.test(part) ? parts[part] : undefined;
    return known ?? part.replaceAll(/[\\^$.|+()[\]{}]/g, '\\$&');
  });
  return new RegExp(`^${text}$`, 'u');
}

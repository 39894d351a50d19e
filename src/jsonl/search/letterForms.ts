/** Code points below this: the planes above have no letters of two cases. */
const codePoints = 0x20000;

let known: ReadonlyMap<string, readonly string[]> | null = null;

/**
 * The characters that give `character`, which is in lower case, when they are put in lower case: itself, its capital,
 * and sometimes others.
 *
 * @example letterForms('k') → ['k', 'K', 'K'], the last one being the Kelvin sign U+212A
 */
export function letterForms(character: string): readonly string[] {
  known ??= allForms();
  return known.get(character) ?? [character];
}

/** The forms of all characters that have more than one. Asking `toLowerCase` follows the Unicode of the engine. */
function allForms(): Map<string, string[]> {
  const forms = new Map<string, string[]>();
  for (let code = 0; code < codePoints; code++) {
    const form = String.fromCodePoint(code);
    const lower = form.toLowerCase();
    if (lower === form) continue;
    for (const character of lower) {
      const all = forms.get(character) ?? [character];
      forms.set(character, all);
      all.push(form);
    }
  }
  return forms;
}

import type { Shipped } from './shipped';

const rule = '-'.repeat(80);

/** What each Windows package holds beside ONNX Runtime, which its npm package brings without texts of their own. */
const onWindows =
  'DirectML.dll, dxcompiler.dll and dxil.dll, in the packages for Windows, are redistributable files of Microsoft ' +
  'that onnxruntime-node contains.';

/** The file with the names and licences of everything that a package holds and Margin's authors did not write. */
export function noticesOf(packages: readonly Shipped[]): string {
  const parts = packages.map(({ name, version, license, author, texts }) => {
    const by = author === null ? '' : ` by ${author}`;
    const body = texts.length > 0 ? texts.join('\n\n') : `The package has no licence text. It names ${license}.`;
    const more = name === 'onnxruntime-node' ? `\n\n${onWindows}` : '';
    return `${rule}\n${name} ${version}${by}\nLicence: ${license}\n\n${body}${more}\n`;
  });
  return `Margin contains code and data of ${packages.length} packages.\n\n${parts.join('\n')}`;
}

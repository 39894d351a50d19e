import { execFileSync } from 'node:child_process';
import type { Shipped } from './shipped';

/** The keys of CycloneDX 1.5 that change here; the others stay as npm writes them. */
interface Bom {
  serialNumber?: string;
  readonly metadata: { timestamp?: string; tools?: unknown; readonly component: { name: string } };
  components: Component[];
  dependencies?: unknown;
}
interface Component {
  readonly name: string;
  readonly version: string;
  scope?: string;
  properties?: readonly { readonly name: string }[];
}

/** npm's list of everything that package-lock.json names, as CycloneDX. */
export function npmBom(): string {
  const argv = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'];
  const shell = process.platform === 'win32';
  return execFileSync('npm', argv, { encoding: 'utf8', shell, maxBuffer: 64e6 });
}

/**
 * Restricts npm's list to what a package of Margin holds. For npm these are development packages, because bundles hold
 * them. What differs from one build to the next (number, time, version of npm) is left out.
 *
 * @throws Error if package-lock.json does not name a package that is shipped
 */
export function shippedBom(npm: string, packages: readonly Shipped[]): string {
  const bom = JSON.parse(npm) as Bom;
  delete bom.serialNumber;
  delete bom.metadata.timestamp;
  delete bom.metadata.tools;
  // Who needs whom speaks of packages that are not shipped.
  delete bom.dependencies;
  bom.metadata.component.name = 'margin';
  bom.components = packages.map((one) => {
    const found = bom.components.find(({ name, version }) => name === one.name && version === one.version);
    if (!found) throw new Error(`package-lock.json does not name ${one.name} ${one.version}`);
    return { ...found, scope: 'required', properties: [] };
  });
  return `${JSON.stringify(bom, null, 2)}\n`;
}

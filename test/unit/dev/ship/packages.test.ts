import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { noticesOf } from '../../../../src/dev/ship/notices';
import { stores } from '../../../../src/dev/ship/publish';
import { marketplacePage } from '../../../../src/dev/ship/readme';
import { shippedBom } from '../../../../src/dev/ship/sbom';
import type { Shipped } from '../../../../src/dev/ship/shipped';
import { nativeFiles, targets, targetsNamed } from '../../../../src/dev/ship/targets';

describe('the targets', () => {
  it('have native files each, and only their own; the universal one has none', () => {
    for (const target of targets) {
      const files = nativeFiles(target);
      if (target.runtime === null) expect(files).toEqual([]);
      else {
        expect(files).toContain(`bin/napi-v6/${target.name.replace('-', '/')}/onnxruntime_binding.node`);
        expect(files.length).toBeGreaterThan(1);
      }
    }
  });

  it('hold one of the equal libraries of macOS: the one that is loaded', () => {
    const names = targetsNamed(['darwin-arm64'])
      .flatMap(nativeFiles)
      .map((path) => path.split('/').at(-1));
    expect(names).toEqual(['libonnxruntime.1.dylib', 'onnxruntime_binding.node']);
  });

  it('are all meant if none is named; a wrong name is refused', () => {
    expect(targetsNamed([])).toEqual(targets);
    expect(() => targetsNamed(['linux-x86'])).toThrow('No target is called linux-x86');
  });
});

describe('the page of the Marketplace', () => {
  const page = readFileSync('src/dev/ship/marketplace.md', 'utf8');
  const pictures = [...page.matchAll(/\]\((media\/[^)]+)\)/g)].map(([, path]) => path ?? '');

  it('shows pictures of the repository, and links to no other file of it', () => {
    expect(pictures.length).toBeGreaterThan(3);
    expect(pictures.filter((path) => !existsSync(path))).toEqual([]);
    expect(page.match(/\]\((?!media\/)[^)]*\)/g)).toBeNull();
  });

  it('has https pictures if their address is given, and none otherwise', () => {
    expect(marketplacePage(page, null)).not.toContain('![');
    expect(marketplacePage(page, 'https://example.org/margin')).toContain(
      `](https://example.org/margin/${pictures[0]})`,
    );
    expect(() => marketplacePage(page, 'http://example.org')).toThrow('https');
  });
});

describe('the notices', () => {
  const one: Shipped = {
    folder: 'a',
    name: 'a',
    version: '1.0.0',
    license: 'MIT',
    author: 'A. Author',
    texts: ['The text of the licence.'],
  };
  const npm = JSON.stringify({
    serialNumber: 'urn:uuid:1',
    metadata: { timestamp: 'now', tools: [], component: { name: 'folder' } },
    components: ['a', 'unshipped'].map((name) => ({ name, version: '1.0.0', scope: 'optional', hashes: [name] })),
    dependencies: [],
  });

  it('name each package with its licence, and say where a text is missing', () => {
    expect(noticesOf([one])).toContain('a 1.0.0 by A. Author\nLicence: MIT\n\nThe text of the licence.');
    expect(noticesOf([{ ...one, texts: [] }])).toContain('The package has no licence text. It names MIT.');
  });

  it('are for machines a CycloneDX list of what is shipped, without what changes from build to build', () => {
    expect(JSON.parse(shippedBom(npm, [one]))).toEqual({
      metadata: { component: { name: 'margin' } },
      components: [{ name: 'a', version: '1.0.0', scope: 'required', hashes: ['a'], properties: [] }],
    });
    expect(() => shippedBom(npm, [{ ...one, name: 'b' }])).toThrow('package-lock.json does not name b 1.0.0');
  });
});

it('Publishing puts no token into the arguments of a program', () => {
  const commands = Object.values(stores).map(({ command }) => command.join(' '));
  expect(commands.filter((command) => /token|--pat|-p /i.test(command))).toEqual([]);
});

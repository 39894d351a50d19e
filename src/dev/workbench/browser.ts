import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { cacheFolder } from '../../base/node/cacheFolder';

/**
 * The Chromium that `@sparticuz/chromium` carries, unpacked once into the user's cache folder together with the system
 * libraries and fonts it brings, so that a machine without any of them runs it too.
 */
export async function unpackChromium(cache = cacheFolder()): Promise<string> {
  const require = createRequire(join(process.cwd(), 'package.json'));
  const bin = join(require.resolve('@sparticuz/chromium').replace(/build[\\/].*$/, ''), 'bin');
  const folder = join(cache, 'chromium-153.0.0');
  if (existsSync(folder)) return folder;
  const partial = `${folder}.partial-${process.pid}`;
  mkdirSync(partial, { recursive: true });
  const previous = process.env['TMPDIR'];
  process.env['TMPDIR'] = partial; // The package unpacks into the temporary folder, and into no other.
  try {
    const { default: packed, inflate } = await import('@sparticuz/chromium');
    await packed.executablePath(bin);
    await inflate(join(bin, 'al2023.tar.br'));
  } finally {
    if (previous === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = previous;
  }
  writeFileSync(join(partial, 'fonts.conf'), fontConfig(join(folder, 'fonts'), join(folder, 'font-cache')));
  if (existsSync(folder)) rmSync(partial, { recursive: true });
  else renameSync(partial, folder);
  return folder;
}

/**
 * The machine's own fonts, and the ones unpacked here: the package's own configuration names folders of its cloud, and
 * Chromium ends without any font.
 */
function fontConfig(fonts: string, cache: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${fonts}</dir>
  <cachedir>${cache}</cachedir>
</fontconfig>
`;
}

/**
 * A headless browser with a profile of its own, kept in `profile` so that a second launch finds the first one's state.
 */
export async function launchBrowser(profile: string): Promise<{ context: BrowserContext; page: Page }> {
  const folder = await unpackChromium();
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: join(folder, 'chromium'),
    headless: true,
    viewport: { width: 1440, height: 900 },
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--font-render-hinting=none'],
    env: {
      ...process.env,
      LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'),
      FONTCONFIG_FILE: join(folder, 'fonts.conf'),
    },
  });
  return { context, page: context.pages()[0] ?? (await context.newPage()) };
}

import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium, type BrowserContext, type LaunchOptions, type Page } from 'playwright-core';
import { cacheFolder } from '../../base/node/cacheFolder';

/**
 * Unpacks the Chromium of `@sparticuz/chromium` into the user's cache folder, once. Its system libraries and fonts come
 * along, so it runs on a machine without them.
 *
 * @returns the folder with `chromium`
 */
export async function unpackChromium(cache = cacheFolder()): Promise<string> {
  const require = createRequire(join(process.cwd(), 'package.json'));
  const bin = join(require.resolve('@sparticuz/chromium').replace(/build[\\/].*$/, ''), 'bin');
  const folder = join(cache, 'chromium-153.0.0');
  if (existsSync(folder)) return folder;
  const partial = `${folder}.partial-${process.pid}`;
  mkdirSync(partial, { recursive: true });
  const previous = process.env['TMPDIR'];
  process.env['TMPDIR'] = partial; // The package always unpacks into the temporary folder.
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
 * Lists the machine's fonts and the unpacked ones. The configuration in the package names folders of a cloud service;
 * with it Chromium finds no font and exits.
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
 * Starts a headless browser that keeps its state in the folder `profile`: the unpacked Chromium on Linux, the installed
 * Chrome elsewhere.
 */
export async function launchBrowser(profile: string): Promise<{ context: BrowserContext; page: Page }> {
  const context = await chromium.launchPersistentContext(profile, {
    ...(process.platform === 'linux' ? await unpackedChromium() : { channel: 'chrome' }),
    headless: true,
    viewport: { width: 1440, height: 900 },
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--font-render-hinting=none'],
  });
  return { context, page: context.pages()[0] ?? (await context.newPage()) };
}

async function unpackedChromium(): Promise<Pick<LaunchOptions, 'executablePath' | 'env'>> {
  const folder = await unpackChromium();
  return {
    executablePath: join(folder, 'chromium'),
    env: {
      ...process.env,
      LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'),
      FONTCONFIG_FILE: join(folder, 'fonts.conf'),
    },
  };
}

/*
 * Under the C locale, Chromium's language is `en-US@posix`. uPlot passes it to Intl while it loads, and Intl throws, so
 * that the whole view would stay empty. main.ts imports this module before uPlot.
 */
try {
  Intl.getCanonicalLocales(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en-US' });
}

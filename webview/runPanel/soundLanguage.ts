/**
 * Chromium under the C locale names its language `en-US@posix`. uPlot hands that name to Intl while it loads, Intl
 * refuses it, and the whole view would stay empty; so this module is imported before uPlot.
 */
try {
  Intl.getCanonicalLocales(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en-US' });
}

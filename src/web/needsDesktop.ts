import { MarginError } from '../base/pure/marginError';

/** The error for what the browser cannot do. @param what one thing or several, such as `Reviews` */
export function needsDesktop(what: string, verb: 'need' | 'needs' = 'need'): MarginError {
  return new MarginError('needs-desktop', `${what} ${verb} VS Code on the desktop: open this folder there.`);
}

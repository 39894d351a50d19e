export interface OpenOptions {
  /** A VSIX that a server of its own installs. Without one, a server for all tests loads this checkout. */
  readonly vsix?: string;
  /** Starts a server of its own, which gets the variables of this process. */
  readonly own?: boolean;
  /** Opens the folder in Restricted Mode. */
  readonly restricted?: boolean;
  /** Runs the extension in the browser, where no Node is. */
  readonly inBrowser?: boolean;
  /** User settings that replace or add to those of all tests. */
  readonly settings?: Settings;
}

const webExtension = { 'remote.extensionKind': { 'margin.margin': ['web'] } };
const restrictedMode = {
  'security.workspace.trust.enabled': true,
  'security.workspace.trust.startupPrompt': 'never',
};

type Settings = Readonly<Record<string, unknown>>;

/** The user settings of a workbench, beside those of all tests. */
export function settingsOf({ restricted = false, inBrowser = false, settings = {} }: OpenOptions): Settings {
  return { ...(restricted ? restrictedMode : {}), ...(inBrowser ? webExtension : {}), ...settings };
}

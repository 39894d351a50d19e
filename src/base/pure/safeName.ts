/** Names that Windows keeps for devices, with any ending (Win32 "Naming Files, Paths, and Namespaces"). */
const device = /^(?:con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³])(?:\.|$)/i;

/**
 * Whether a name can be that of one folder on every system: letters, digits, dots, dashes and underscores, no dot at
 * its start or end, and no name of a device. So it cannot lead to another folder either.
 */
export function isSafeName(name: string): boolean {
  return /^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u.test(name) && !name.endsWith('.') && !device.test(name);
}

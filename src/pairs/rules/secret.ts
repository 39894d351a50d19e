import type { CheckedRow } from '../checkedRow';
import { type Problem, problem } from '../problem';
import { firstInParts } from './parts';
import type { RuleFamily } from './rule';

/** What services call their keys, and how the keys are written (the services' own pages; the rules of gitleaks). */
const secrets: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['an AWS access key', /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/],
  ['a GitHub token', /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{82})\b/],
  ['a GitLab token', /\bglpat-[\w-]{20}\b/],
  ['a private key', /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY(?: BLOCK)?-----\s*(?:[\w-]+: .*\s+)*[A-Za-z0-9+/]{40}/],
  ['an OpenAI key', /\bsk-(?:(?:proj|svcacct|admin)-[\w-]{20,80})?[\w-]{0,80}T3BlbkFJ[\w-]{20}/],
  ['an Anthropic key', /\bsk-ant-(?:api|admin)\d\d-[\w-]{80}/],
  ['a Hugging Face token', /\bhf_[A-Za-z]{34}\b/],
  ['a Google API key', /\bAIza[\w-]{35}(?![\w-])/],
  ['a Slack token', /\bxox[abeoprs]-\d{8,}-[\w-]{20,}/],
  ['a Stripe key', /\b[rs]k_live_[A-Za-z0-9]{24,}/],
  ['an npm token', /\bnpm_[A-Za-z0-9]{36}\b/],
];
/** A placeholder repeats a few characters: `ghp_xxxxxxxx`. */
const fewestCharacters = 10;

export const secretRules: RuleFamily = {
  title: 'Secrets',
  checks: [secretProblems],
  rules: [
    {
      id: 'secret',
      severity: 'warning',
      foundBy: 'row',
      title: 'A key or token of a service',
      doc: 'The text holds a key in the form that a service gives to its keys (AWS, GitHub, GitLab, OpenAI, Anthropic, Hugging Face, Google, Slack, Stripe, npm), or a private key. A model can repeat what it was trained on, and the file may be shared. Replace the key by a placeholder, and have the service revoke it. The message does not print it. Keys of other services and passwords are not found.',
      link: 'https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns',
    },
  ],
};

function secretProblems(row: CheckedRow): Problem[] {
  return firstInParts(row, secretIn).map(([field, name]) =>
    problem('warning', 'secret', field, `${field} holds ${name}: replace it by a placeholder, and revoke it.`),
  );
}

/** What a secret is replaced by. */
const placeholder = '[REDACTED]';
const privateKey = /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY(?: BLOCK)?-----[^]*?(?:-----END [A-Z ]+-----|$)/g;

/** The text with each secret replaced by a placeholder. */
export function withoutSecrets(text: string): string {
  return secrets.reduce(
    (rest, [, pattern]) => {
      const all = new RegExp(pattern, 'g');
      return rest.replaceAll(all, (found) => (isSecret(found) ? placeholder : found));
    },
    secretIn(text) === 'a private key' ? text.replaceAll(privateKey, placeholder) : text,
  );
}

/** What service's key a text holds; null if none. */
export function secretIn(text: string): string | null {
  return mayHoldSecret(text)
    ? (secrets.find(([, pattern]) => isSecret(pattern.exec(text)?.[0] ?? null))?.[0] ?? null)
    : null;
}

/**
 * A quick first test. Finding a text is much quicker than a pattern, above all if it begins with a rare character: so
 * this looks for the middle of some keys.
 */
function mayHoldSecret(text: string): boolean {
  if (text.includes('_') && /(?:gh[pousr]|pat|hf|live|npm)_/.test(text)) return true;
  return rareParts.some((part) => text.includes(part));
}

const rareParts = ['AKIA', 'ASIA', 'AIza', '-----BEGIN ', 'T3BlbkFJ', '-ant-', 'xox', 'glpat-'] as const;

function isSecret(found: string | null): boolean {
  return found !== null && !found.endsWith('EXAMPLE') && new Set(found.slice(4)).size >= fewestCharacters;
}

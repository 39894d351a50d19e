import { MarginError } from '../base/pure/marginError';

/** What a refusal of the Hub is about. */
export interface Asked {
  /** The address of the Hub. */
  readonly endpoint: string;
  /** `org/name` or `datasets/org/name`. */
  readonly repo: string;
  readonly hasToken: boolean;
}

/** What the Hub said, in the headers that huggingface_hub reads (`hf_raise_for_status`). */
export interface Refusal {
  readonly status: number;
  /** `X-Error-Code`; null without one. */
  readonly code: string | null;
  /** What the body says, in short. */
  readonly text: string;
  /** Origin and path of the request. */
  readonly place: string;
}

/** The error of a refused request, with the next step. Codes begin with `hub-`. */
export function refused(refusal: Refusal, asked: Asked): MarginError {
  const { status, code } = refusal;
  const [name, message] = sentence(refusal, asked);
  return new MarginError(name, message, { status, code, repo: asked.repo });
}

function sentence({ status, code, text, place }: Refusal, asked: Asked): readonly [string, string] {
  const { endpoint, repo, hasToken } = asked;
  const login = `make a token at ${endpoint}/settings/tokens and give it as HF_TOKEN or with hf auth login`;
  if (code === 'GatedRepo') return ['hub-gated', gated(asked, login)];
  if (code === 'RevisionNotFound') return ['hub-no-revision', `${repo} has no such branch, tag or commit.`];
  if (code === 'EntryNotFound') return ['hub-no-file', `${repo} has no such file: ${place}.`];
  const unknown = `${endpoint} has no ${repo}, or it is private. Check the name`;
  if (status === 404) return ['hub-missing', hasToken ? `${unknown}, and what your token may read.` : `${unknown}.`];
  if (status === 401 && hasToken && code !== 'RepoNotFound')
    return ['hub-login', `${endpoint} refused the token: it is wrong or has expired. Then ${login}.`];
  if (status === 401) return ['hub-login', `${unknown}. For a private one, ${login}.`];
  if (status === 403)
    return [
      'hub-forbidden',
      `Your token may not do this with ${repo}. Give it the right at ${endpoint}/settings/tokens${said(text)}`,
    ];
  if (status === 409) return ['hub-exists', `${repo} exists already${said(text)}`];
  return ['hub-status', `${place} answered with status ${status}${said(text)}`];
}

function gated({ endpoint, repo, hasToken }: Asked, login: string): string {
  const why = `${repo} is gated: its authors want to know who uses it.`;
  if (hasToken)
    return `${why} Your token has no access yet. Open ${endpoint}/${repo}, accept the terms, wait until they let you in, and try again. A fine-grained token also needs the right to read gated repositories.`;
  return `${why} Log in, open ${endpoint}/${repo} and accept the terms. Then ${login}.`;
}

const said = (text: string): string => (text === '' ? '.' : `: ${text}`);

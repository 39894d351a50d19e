import { MarginError } from '../base/pure/marginError';

export type RepoKind = 'model' | 'dataset';

/** A repository of the Hub. */
export interface Repo {
  readonly kind: RepoKind;
  /** `org/name`; a few old ones have no organisation: `gpt2`. */
  readonly name: string;
}

/** The rules of `validate_repo_id` in huggingface_hub. */
const part = /^[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?$|^_[\w.-]*$/;
const longest = 96;

/**
 * The repository that a person names: `org/name` for a model, `datasets/org/name` for a data set.
 *
 * @throws MarginError `hub-name`
 */
export function parseRepo(text: string): Repo {
  const kind = text.startsWith('datasets/') ? 'dataset' : 'model';
  const name = kind === 'dataset' ? text.slice('datasets/'.length) : text;
  const parts = name.split('/');
  const isName =
    parts.length <= 2 && name.length <= longest && parts.every((one) => part.test(one)) && !/--|\.\.|\.git$/.test(name);
  if (isName) return { kind, name };
  throw new MarginError(
    'hub-name',
    `${JSON.stringify(text)} names no repository of the Hub. Write org/name for a model, or datasets/org/name for a data set.`,
    { text },
  );
}

/** As the Hub writes it in addresses: `org/name`, `datasets/org/name`. */
export function repoPath({ kind, name }: Repo): string {
  return kind === 'model' ? name : `datasets/${name}`;
}

/**
 * A branch, tag or commit, as git permits it.
 *
 * @throws MarginError `hub-revision`
 */
export function parseRevision(text: string): string {
  const isRevision = /^[\w./-]{1,200}$/.test(text) && !/\.\.|\/\/|^[./-]|[./]$|\/\./.test(text);
  if (isRevision) return text;
  throw new MarginError('hub-revision', `${JSON.stringify(text)} names no branch, tag or commit.`, { text });
}

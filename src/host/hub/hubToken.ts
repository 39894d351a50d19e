import * as vscode from 'vscode';

const publicHub = 'https://huggingface.co';
const title = 'Margin: Set Hub Token';

/** The token of the Hub in VS Code's secret storage, one for each address of a Hub. */
export class HubToken {
  constructor(private readonly secrets: vscode.SecretStorage) {}

  /**
   * The variable that a process gets. Without a token it looks for one itself: `HF_TOKEN`, or that of `hf auth login`.
   */
  async variables(): Promise<Readonly<Record<string, string>>> {
    const token = await this.secrets.get(this.name());
    return token === undefined ? {} : { HF_TOKEN: token };
  }

  /** Asks for a token; an empty one removes it. @returns false if the person closed the field */
  async ask(): Promise<boolean> {
    const token = await vscode.window.showInputBox({
      title,
      prompt: `A token from ${hubAddress()}/settings/tokens. It is kept in the secret storage of VS Code. Leave it empty to remove it`,
      password: true,
      ignoreFocusOut: true,
      validateInput: (text) => (/^\s*(hf_\w+)?\s*$/.test(text) ? null : 'A token begins with hf_.'),
    });
    if (token === undefined) return false;
    if (token.trim() === '') await this.secrets.delete(this.name());
    else await this.secrets.store(this.name(), token.trim());
    return true;
  }

  private name(): string {
    return `margin.hub ${hubAddress()}`;
  }
}

/** The address that the processes ask too. */
export function hubAddress(): string {
  return process.env['HF_ENDPOINT'] || publicHub;
}

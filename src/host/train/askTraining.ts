import { readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import * as vscode from 'vscode';

interface Method extends vscode.QuickPickItem {
  readonly keys: Readonly<Record<string, unknown>>;
}

interface FileItem extends vscode.QuickPickItem {
  readonly uri: vscode.Uri | null;
}

const excluded = '**/{node_modules,.margin}/**';
const lora = { use_peft: true, lora_r: 8, lora_alpha: 16, lora_target_modules: 'all-linear', learning_rate: 1e-4 };

function methods(): Method[] {
  const { t } = vscode.l10n;
  return [
    { label: 'DPO', description: 'sigmoid · LoRA', detail: t('Raises the margin of every pair. Start here.'), keys: { loss_type: 'sigmoid', ...lora } },
    { label: 'IPO', description: 'ipo · LoRA', detail: t('Stops at a set margin; for labels that always agree.'), keys: { loss_type: 'ipo', ...lora } },
    { label: 'DPO + SFT', description: 'sigmoid + sft · LoRA', detail: t('Keeps chosen answers likely while the margin grows.'), keys: { loss_type: ['sigmoid', 'sft'], loss_weights: [1, 0.2], ...lora } },
    { label: 'SFT', description: 'sft · LoRA', detail: t('Learns the chosen answers alone.'), keys: { loss_type: 'sft', ...lora } },
    { label: 'DPO, all weights', description: 'sigmoid', detail: t('For small models: every weight is trained.'), keys: { loss_type: 'sigmoid', use_peft: false, learning_rate: 1e-5 } },
  ];
}

/**
 * Asks for dataset, model and method, and writes `NAME.train.json` beside the dataset.
 *
 * @param dataset skips the first question
 * @returns the config file; null if the person went away
 */
export async function askTraining(dataset: vscode.Uri | undefined): Promise<vscode.Uri | null> {
  const data = dataset ?? (await askDataset());
  if (!data) return null;
  const model = await askModel(data);
  if (!model) return null;
  const method = await vscode.window.showQuickPick(methods(), { title: vscode.l10n.t('Train: method (3/3)'), matchOnDetail: true });
  if (!method) return null;
  return writeConfig(data, model, method.keys);
}

async function askDataset(): Promise<vscode.Uri | null> {
  const files = await vscode.workspace.findFiles('**/*.jsonl', excluded, 200);
  const items = files.map((uri): FileItem => ({ label: basename(uri.fsPath), description: vscode.workspace.asRelativePath(uri), uri }));
  return pickOrBrowse(items, vscode.l10n.t('Train: dataset (1/3)'), { canSelectFiles: true, filters: { JSONL: ['jsonl'] } });
}

/** Folders with config.json and weights; those nearest to the dataset first. */
async function askModel(data: vscode.Uri): Promise<vscode.Uri | null> {
  const weights = await vscode.workspace.findFiles('**/*.safetensors', excluded, 200);
  const folders = [...new Set(weights.map(({ fsPath }) => dirname(fsPath)))];
  const models = await Promise.all(folders.map(async (folder) => ((await modelType(folder)) === null ? [] : [folder])));
  const near = (folder: string): number => relative(dirname(data.fsPath), folder).split('..').length;
  const items = models.flat().sort((a, b) => near(a) - near(b)).map((folder): FileItem => ({ label: basename(folder), description: vscode.workspace.asRelativePath(folder), uri: vscode.Uri.file(folder) }));
  return pickOrBrowse(items, vscode.l10n.t('Train: model folder (2/3)'), { canSelectFolders: true, canSelectFiles: false });
}

async function modelType(folder: string): Promise<string | null> {
  const text = await readFile(join(folder, 'config.json'), 'utf8').catch(() => null);
  return text === null ? null : (/"model_type"\s*:\s*"([^"]+)"/.exec(text)?.[1] ?? null);
}

export async function pickOrBrowse(items: readonly FileItem[], title: string, dialog: vscode.OpenDialogOptions): Promise<vscode.Uri | null> {
  const browse: FileItem = { label: vscode.l10n.t('Browse…'), iconPath: new vscode.ThemeIcon('folder-opened'), uri: null };
  const picked = await vscode.window.showQuickPick([...items, browse], { title, matchOnDescription: true });
  if (!picked) return null;
  return picked.uri ?? (await vscode.window.showOpenDialog({ ...dialog, title }))?.[0] ?? null;
}

/** Only the keys a person would want to see; a file that is there keeps its name. */
async function writeConfig(data: vscode.Uri, model: vscode.Uri, keys: Readonly<Record<string, unknown>>): Promise<vscode.Uri> {
  const folder = dirname(data.fsPath);
  const path = (target: string): string => relative(folder, target).replaceAll('\\', '/') || '.';
  const config = {
    model_name_or_path: path(model.fsPath),
    train_file: path(data.fsPath),
    beta: 0.1,
    ...keys,
    per_device_train_batch_size: 4,
    num_train_epochs: 1,
    logging_steps: 1,
  };
  const stem = basename(data.fsPath).replace(/\.jsonl$/, '');
  for (let n = 1; ; n++) {
    const file = join(folder, `${stem}${n === 1 ? '' : `-${n}`}.train.json`);
    const written = await writeFile(file, `${JSON.stringify(config, null, 2)}\n`, { flag: 'wx' }).then(
      () => true,
      (error: unknown) => {
        if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
        throw error;
      },
    );
    if (written) return vscode.Uri.file(file);
  }
}

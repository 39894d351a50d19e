// Stands in for `ssh`, for `hf` (huggingface_hub 2.4: `hf jobs` and `hf buckets`) and for `kubectl` with Kubeflow Trainer
// 2.2, as their documentation has them. ssh runs the command on this machine. A bucket is a folder of STAND_IN, and a
// job is a process that sees it. A TrainJob is a process that sees its claim under the path of the run folder.
const { spawn, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const [program, ...args] = process.argv.slice(2);
const root = process.env.STAND_IN;

if (program === 'ssh') {
  const words = args.filter((word, i) => !word.startsWith('-') || i > 1);
  process.exit(spawnSync('bash', ['-c', words.slice(1).join(' ')], { stdio: 'inherit' }).status ?? 1);
}

if (program === 'kubectl') {
  require('./standInKubernetes.cjs').answer(args, root);
  process.exit(0);
}

const allowed = {
  'jobs run': ['detach', 'quiet', 'flavor', 'timeout', 'secrets', 'volume'],
  'jobs inspect': ['json'],
  'jobs cancel': [],
  'buckets sync': ['exclude'],
  'buckets cp': [],
};
const action = args.slice(0, 2).join(' ');
const options = args.slice(2).filter((word) => word.startsWith('--'));
const plain = args.slice(2).filter((word) => !word.startsWith('--'));
const wrong = options.find((option) => !allowed[action]?.includes(option.slice(2).split('=')[0]));
if (!allowed[action] || wrong) {
  console.error(`No such option: ${wrong ?? action}`);
  process.exit(2);
}
const local = (place) => place.replace(/^hf:\/\/buckets\/me\/runs/, root);
const jobFile = (id) => path.join(root, `${id}.job`);

if (action === 'buckets cp') fs.copyFileSync(local(plain[0]), local(plain[1]));
if (action === 'buckets sync') {
  const excluded = options.map((option) => new RegExp(`^${option.split('=')[1].replace('*', '.*')}$`));
  const [from, to] = plain.map(local);
  const filter = (file) => !excluded.some((one) => one.test(path.relative(from, file)));
  if (fs.existsSync(from)) fs.cpSync(from, to, { recursive: true, filter });
}
if (action === 'jobs run') {
  const id = '0123456789abcdef01234567';
  const script = path.join(root, plain.at(-1).replace('/margin/', ''));
  // The container sees the bucket at /margin.
  fs.writeFileSync(script, fs.readFileSync(script, 'utf8').replaceAll('/margin/', `${root}/`));
  const job = spawn('bash', [script], { detached: true, stdio: 'ignore' });
  fs.writeFileSync(jobFile(id), JSON.stringify({ pid: job.pid, script }));
  job.unref();
  console.log(id);
}
if (action === 'jobs inspect') {
  const { pid, script, canceled } = JSON.parse(fs.readFileSync(jobFile(plain[0]), 'utf8'));
  const code = path.join(path.dirname(script), 'exit-code.txt');
  const ended = fs.existsSync(code) ? (fs.readFileSync(code, 'utf8') === '0\n' ? 'COMPLETED' : 'ERROR') : 'RUNNING';
  const stage = canceled ? 'CANCELED' : ended;
  console.log(JSON.stringify([{ id: plain[0], pid, status: { stage, message: null } }], null, 2));
}
if (action === 'jobs cancel') {
  const job = JSON.parse(fs.readFileSync(jobFile(plain[0]), 'utf8'));
  process.kill(-job.pid, 'SIGKILL');
  fs.writeFileSync(jobFile(plain[0]), JSON.stringify({ ...job, canceled: true }));
}

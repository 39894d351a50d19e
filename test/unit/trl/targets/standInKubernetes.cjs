// Kubernetes as far as `kubectl create | get | delete` of a TrainJob goes. It refuses fields that the API does not have
// (trainer.kubeflow.org/v1alpha1, `trainjob_types.go` of Kubeflow Trainer 2.2).
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { parse } = require('yaml');

const podSpec = {
  volumes: [{ name: 'text', persistentVolumeClaim: { claimName: 'text' } }],
  containers: [{ name: 'text', volumeMounts: [{ name: 'text', mountPath: 'text' }] }],
};
const jobTemplate = { spec: { template: { spec: podSpec } } };
const patch = { template: { spec: { replicatedJobs: [{ name: 'text', template: jobTemplate }] } } };
const trainJob = {
  apiVersion: 'text',
  kind: 'text',
  metadata: { generateName: 'text' },
  spec: {
    runtimeRef: { name: 'text' },
    trainer: {
      image: 'text',
      command: ['text'],
      numNodes: 'number',
      resourcesPerNode: { limits: { 'nvidia.com/gpu': 'text' } },
    },
    runtimePatches: [{ manager: 'text', trainingRuntimeSpec: patch }],
  },
};

function refuse(message) {
  console.error(`Error from server ${message}`);
  process.exit(1);
}

function check(value, shape, place) {
  if (typeof shape === 'string') {
    const wanted = shape === 'text' ? 'string' : shape;
    if (typeof value !== wanted || value === '') refuse(`(BadRequest): ${place} must be a ${wanted}`);
    return;
  }
  if (Array.isArray(shape)) {
    if (!Array.isArray(value)) refuse(`(BadRequest): ${place} must be a list`);
    value.forEach((one, i) => check(one, shape[0], `${place}[${i}]`));
    return;
  }
  for (const key of Object.keys(shape)) if (!(key in value)) refuse(`(BadRequest): ${place}.${key} is missing`);
  for (const [key, one] of Object.entries(value)) {
    if (!(key in shape)) refuse(`(BadRequest): strict decoding error: unknown field "${place}.${key}"`);
    check(one, shape[key], `${place}.${key}`);
  }
}

function optionOf(args, name) {
  const word = args.find((one) => one.startsWith(`--${name}=`));
  return word === undefined ? refuse(`(BadRequest): no --${name}`) : word.slice(name.length + 3);
}

function create(args, jobFile) {
  const job = parse(fs.readFileSync(optionOf(args, 'filename'), 'utf8'));
  check(job, trainJob, 'TrainJob');
  if (job.apiVersion !== 'trainer.kubeflow.org/v1alpha1' || job.kind !== 'TrainJob')
    refuse('(BadRequest): no such kind');
  const name = `${job.metadata.generateName}x7k2p`;
  const [program, ...words] = job.spec.trainer.command;
  const nodes = job.spec.trainer.numNodes;
  // What the plugin for torch of Kubeflow Trainer 2.2 sets in the container of each node.
  const own = { PET_NNODES: String(nodes), PET_MASTER_ADDR: `${name}-node-0-0.${name}`, PET_MASTER_PORT: '29400' };
  const pids = Array.from({ length: nodes }, (_, rank) => {
    const env = { ...process.env, ...own, PET_NODE_RANK: String(rank) };
    return spawn(program, words, { detached: true, stdio: 'ignore', env }).pid;
  });
  fs.writeFileSync(jobFile(name), JSON.stringify({ pids, folder: path.dirname(words[0]) }));
  console.log(`trainjob.trainer.kubeflow.org/${name}`);
}

function kill(pid) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // That node has ended.
  }
}

function answer(args, root) {
  const [verb, kind, name] = args;
  const jobFile = (job) => path.join(root, `${job}.job`);
  optionOf(args, 'namespace');
  if (verb === 'create') return create(args, jobFile);
  if (kind !== 'trainjob.trainer.kubeflow.org' || !fs.existsSync(jobFile(name)))
    refuse(`(NotFound): trainjobs.trainer.kubeflow.org "${name}" not found`);
  const { pids, folder } = JSON.parse(fs.readFileSync(jobFile(name), 'utf8'));
  if (verb === 'delete') {
    pids.forEach(kill);
    fs.rmSync(jobFile(name));
    return console.log(`${kind} "${name}" deleted`);
  }
  const code = path.join(folder, 'exit-code.txt');
  const ended = fs.existsSync(code) ? (fs.readFileSync(code, 'utf8') === '0\n' ? 'Complete' : 'Failed') : '';
  const [before] = optionOf(args, 'output').slice('jsonpath='.length).split('{');
  process.stdout.write(`${before}${ended}`);
}

module.exports = { answer };

// The least that a Node server which runs workers must do: start them, read and discard their output, report their end.
// Its figures show how much of a figure is due to the machine and to Node.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const jobs = new Map();

const answer = (id, result) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, result })}\n`);
const text = (id, value) => answer(id, { content: [{ type: 'text', text: JSON.stringify(value) }] });

function start(prompt) {
    const worker = spawn('codex', ['exec', '--json', '--', prompt], { stdio: ['ignore', 'pipe', 'pipe'] });
    const job = { worker, ended: false };
    job.end = new Promise((resolve) => {
        worker.on('close', () => {
            job.ended = true;
            resolve();
        });
    });
    worker.stdout.resume();
    worker.stderr.resume();
    const jobId = String(jobs.size);
    jobs.set(jobId, job);
    return jobId;
}

const TOOLS = {
    codex_spawn: ({ prompt }) => ({ jobId: start(prompt), status: 'running' }),
    codex_status: ({ jobId }) => ({ jobId, status: jobs.get(jobId).ended ? 'done' : 'running' }),
    codex_cancel: ({ jobId }) => ({ jobId, ok: jobs.get(jobId).worker.kill('SIGKILL') }),
    codex_wait_any: ({ jobIds }) =>
        Promise.race(jobIds.map((jobId) => jobs.get(jobId).end.then(() => ({ completedJobId: jobId, timedOut: false })))),
    ping: () => ({}),
};

async function handle({ id, method, params }) {
    if (method === 'initialize') {
        const serverInfo = { name: 'bare', version: '1' };
        answer(id, { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo });
    } else if (method === 'tools/call') {
        text(id, await TOOLS[params.name](params.arguments ?? {}));
    } else if (id !== undefined) {
        answer(id, { tools: [] });
    }
}

createInterface({ input: process.stdin })
    .on('line', (line) => handle(JSON.parse(line)))
    .on('close', () => process.exit(0));

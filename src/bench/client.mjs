// An MCP client over stdio that records when each answer arrives, and the kernel's figures for the server.
import { spawn } from 'node:child_process';
import fs from 'node:fs';

export const now = () => Number(process.hrtime.bigint()) / 1e6; // milliseconds
export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
export const quantile = (values, p) => {
    const sorted = [...values].sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))];
};
export const median = (values) => quantile(values, 0.5);

const TICKS_PER_SECOND = 100;

export class Client {
    constructor(command, folderOfCodex, environment = {}) {
        this.folderOfCodex = folderOfCodex;
        this.requests = 0;
        this.pending = new Map();
        this.parts = [];
        this.errors = '';
        this.startedAt = now();
        this.process = spawn('/bin/sh', ['-c', `exec ${command}`], {
            stdio: ['pipe', 'pipe', 'pipe'],
            env: {
                ...process.env,
                PATH: `${folderOfCodex}:${process.env.PATH}`,
                CODEX_MCP_MAX_JOBS: '100000',
                ...environment,
            },
        });
        this.exited = new Promise((done) => this.process.on('exit', (code, signal) => {
            for (const { reject } of this.pending.values()) {
                reject(new Error(`the server exited with ${code ?? signal}: ${this.errors.slice(-400)}`));
            }
            this.gone = true;
            done();
        }));
        this.process.stderr.on('data', (data) => { this.errors = (this.errors + data).slice(-4096); });
        this.process.stdin.on('error', () => {});
        this.process.stdout.on('data', (data) => this.take(data));
    }

    take(data) {
        for (let end = data.indexOf(10); end >= 0; end = data.indexOf(10)) {
            const at = now();
            const line = Buffer.concat([...this.parts, data.subarray(0, end)]);
            this.parts = [];
            data = data.subarray(end + 1);
            const message = JSON.parse(line.toString('utf8'));
            this.pending.get(message.id)?.resolve({ message, at, bytes: line.length });
            this.pending.delete(message.id);
        }
        if (data.length > 0) {
            this.parts.push(data);
        }
    }

    request(method, params) {
        const id = ++this.requests;
        const answer = new Promise((resolve, reject) => this.pending.set(id, { resolve, reject }));
        this.process.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
        return answer;
    }

    async initialize() {
        const answer = await this.request('initialize', {
            protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'bench', version: '1' },
        });
        this.process.stdin.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
        this.initialized = answer.at - this.startedAt;
        return this;
    }

    async call(name, args) {
        const { message, at, bytes } = await this.request('tools/call', { name, arguments: args });
        if (message.error || message.result.isError) {
            throw new Error(JSON.stringify(message.error ?? message.result.content));
        }
        return { text: message.result.content[0].text, at, bytes };
    }

    async spawnJob(prompt) {
        return JSON.parse((await this.call('codex_spawn', { prompt })).text).jobId;
    }

    /** Resolves to the time at which the end of the first of these jobs was reported, and its id. */
    async awaitAny(jobIds) {
        for (;;) {
            const answer = await this.call('codex_wait_any', { jobIds, timeoutMs: 300000 });
            const { completedJobId } = JSON.parse(answer.text);
            if (completedJobId) {
                return { at: answer.at, jobId: completedJobId };
            }
        }
    }

    async awaitAll(jobIds) {
        const open = new Set(jobIds);
        while (open.size > 0) {
            open.delete((await this.awaitAny([...open])).jobId);
        }
    }

    /** The kernel's figures: memory in MB, CPU time of the server alone in seconds. */
    usage() {
        const status = fs.readFileSync(`/proc/${this.process.pid}/status`, 'utf8');
        const field = (name) => +status.match(new RegExp(`^${name}:\\s+(\\d+)`, 'm'))[1];
        const stat = fs.readFileSync(`/proc/${this.process.pid}/stat`, 'utf8');
        const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        return {
            rss: field('VmRSS') / 1024,
            peak: field('VmHWM') / 1024,
            threads: field('Threads'),
            cpu: (+ticks[11] + +ticks[12]) / TICKS_PER_SECOND,
        };
    }

    async close() {
        if (!this.gone) {
            this.process.stdin.end();
            const late = setTimeout(() => this.process.kill('SIGKILL'), 3000);
            await this.exited;
            clearTimeout(late);
        }
    }
}

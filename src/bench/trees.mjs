// The figures of snapshots: in a repository of 100,000 files, beside `git status` there and beside a server that takes none.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { median, now, quantile } from './client.mjs';

const FILES = 100000;
const PER_FOLDER = 100;
const TIMES = 15;
const OFF = { CODEX_MCP_SNAPSHOTS: 'off' };

let made;

/** Made once, and deleted when the figures are done. */
function repository() {
    if (!made) {
        made = fs.mkdtempSync(path.join(os.tmpdir(), 'trees-'));
        process.on('exit', () => fs.rmSync(made, { recursive: true }));
        for (let i = 0; i < FILES; i += PER_FOLDER) {
            const folder = path.join(made, `d${Math.floor(i / 10000)}`, `e${i / PER_FOLDER}`);
            fs.mkdirSync(folder, { recursive: true });
            for (let j = 0; j < PER_FOLDER; j++) {
                fs.writeFileSync(path.join(folder, `f${j}`), `file ${i + j}\n`);
            }
        }
        const git = (...args) => execFileSync('git', ['-C', made, ...args]);
        git('init', '-q');
        git('add', '-A');
        git('-c', 'user.name=bench', '-c', 'user.email=bench@localhost', 'commit', '-q', '-m', 'all');
        git('status');
    }
    return made;
}

function gitStatus() {
    const from = now();
    execFileSync('git', ['-C', repository(), 'status', '--porcelain']);
    return now() - from;
}

const spawn = async (client, prompt) => {
    const from = now();
    const { text, at } = await client.call('codex_spawn', { prompt, workingDirectory: repository() });
    return { jobId: JSON.parse(text).jobId, took: at - from, at };
};

const changes = async (client, jobId) => {
    const from = now();
    const { at } = await client.call('codex_changes', { jobId });
    return at - from;
};

/** A snapshot of a clean tree, the first and a later one, and `git status`, in turns. */
async function snapshots(open) {
    const first = [];
    const later = [];
    const status = [];
    repository();
    for (let i = 0; i < TIMES; i++) {
        status.push(gitStatus());
        const client = await open().initialize();
        const { jobId } = await spawn(client, 'n=1 post=600000');
        const both = await changes(client, jobId); // waits for the first snapshot, then for one of its own
        const own = await changes(client, jobId);
        first.push(both - own);
        later.push(own);
        await client.call('codex_cancel', { jobId, force: true });
        await client.close();
    }
    return {
        'git status of 100,000 files p50, ms': median(status),
        'first snapshot there p50, ms': median(first),
        'first snapshot, times git status': median(first) / median(status),
        'codex_changes there p50, ms': median(later),
        'codex_changes, times git status': median(later) / median(status),
    };
}

/** A spawn, and the way from a worker's exit to the answer of codex_wait_any, with snapshots and without, in turns. */
async function besideSnapshots(open) {
    const spawns = [[], []];
    const ends = [[], []];
    repository();
    const stamp = path.join(os.tmpdir(), `trees-stamp-${process.pid}`);
    const clients = [await open().initialize(), await open(OFF).initialize()];
    for (let i = 0; i < 4 * TIMES; i++) {
        for (const which of i % 2 ? [1, 0] : [0, 1]) {
            const { jobId, took } = await spawn(clients[which], `n=1 post=200 stamp=${stamp}`);
            spawns[which].push(took);
            const { at } = await clients[which].awaitAny([jobId]);
            ends[which].push(at - Number(fs.readFileSync(stamp, 'utf8')) / 1e6);
        }
    }
    await Promise.all(clients.map((client) => client.close()));
    fs.rmSync(stamp);
    const figures = {};
    for (const [name, values] of [['spawn', spawns], ["worker's exit → codex_wait_any answered", ends]]) {
        for (const p of [0.5, 0.95]) {
            figures[`${name} p${100 * p}, ms`] = quantile(values[0], p);
            figures[`${name} p${100 * p}, without snapshots, ms`] = quantile(values[1], p);
        }
    }
    return figures;
}

export const TREE_FIGURES = { snapshots, besideSnapshots };

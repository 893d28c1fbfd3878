// The figures, one function each: takes a function that opens a client of a fresh server, returns names and numbers.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { FLEET_FIGURES } from './fleet.mjs';
import { TREE_FIGURES } from './trees.mjs';
import { median, now, quantile, sleep } from './client.mjs';

const STARTS = 5;
const LINES = 1_000_000;

async function start(open) {
    const runs = [];
    for (let i = 0; i < STARTS; i++) {
        const client = open();
        await client.initialize();
        const list = await client.request('tools/list', {});
        await sleep(250); // what a server does after its answers counts towards its memory
        runs.push({ initialize: client.initialized, list: list.at - client.startedAt, rss: client.usage().rss });
        await client.close();
    }
    return {
        'start → initialize answered, ms': median(runs.map((run) => run.initialize)),
        'start → tools/list answered, ms': median(runs.map((run) => run.list)),
        'RSS after it, MB': median(runs.map((run) => run.rss)),
    };
}

async function ping(open) {
    const client = await open().initialize();
    const one = async () => {
        const from = now();
        return (await client.call('ping', { message: 'x' })).at - from;
    };
    for (let i = 0; i < 1000; i++) {
        await one();
    }
    const times = [];
    for (let i = 0; i < 5000; i++) {
        times.push(await one());
    }
    const total = 20000;
    let sent = 0;
    const from = now();
    await Promise.all(Array.from({ length: 128 }, async () => {
        while (sent++ < total) {
            await one();
        }
    }));
    const seconds = (now() - from) / 1000;
    await client.close();
    return {
        'ping p50, ms': quantile(times, 0.5),
        'ping p99, ms': quantile(times, 0.99),
        'pings a second, 128 under way': total / seconds,
    };
}

async function spawn(open) {
    const client = await open().initialize();
    await client.call('ping', {});
    const times = [];
    const jobs = [];
    for (let i = 0; i < 200; i++) {
        const from = now();
        jobs.push(await client.spawnJob('n=3'));
        times.push(now() - from);
    }
    await client.awaitAll(jobs);
    await client.close();
    return {
        'first codex_spawn, ms': times[0],
        'codex_spawn p50, ms': quantile(times, 0.5),
        'codex_spawn p99, ms': quantile(times, 0.99),
    };
}

async function wake(open) {
    const client = await open().initialize();
    const file = path.join(os.tmpdir(), `codex-mcp-bench.${process.pid}`);
    const times = [];
    for (let i = 0; i < 60; i++) {
        const job = await client.spawnJob(`n=3 post=40 stamp=${file}`);
        const { at } = await client.awaitAny([job]);
        times.push(at - Number(fs.readFileSync(file, 'utf8')) / 1e6);
    }
    fs.rmSync(file);
    await client.close();
    return { "worker's exit → codex_wait_any answered p50, ms": quantile(times.slice(10), 0.5) };
}

async function ingest(open, jobs, prompt) {
    const client = await open().initialize();
    await client.call('ping', {});
    const from = now();
    const ids = await Promise.all(Array.from({ length: jobs }, () => client.spawnJob(prompt)));
    await client.awaitAll(ids);
    const seconds = (now() - from) / 1000;
    return { client, ids, seconds, ...client.usage() };
}

const ingesting = (name, jobs, prompt) => async (open) => {
    const { client, seconds, cpu, peak } = await ingest(open, jobs, prompt);
    await client.close();
    return { [`${name}: wall, s`]: seconds, [`${name}: CPU, s`]: cpu, [`${name}: peak RSS, MB`]: peak };
};

async function pages(open) {
    const { client, ids } = await ingest(open, 1, `n=${LINES}`);
    const [jobId] = ids;
    const times = [];
    for (let i = 0; i < 30; i++) {
        const from = now();
        times.push((await client.call('codex_events', { jobId, cursor: '900000', maxEvents: 2000 })).at - from);
    }
    const from = now();
    const cpuBefore = client.usage().cpu;
    for (let cursor = '0', next = ''; cursor !== next;) {
        cursor = next || cursor;
        const { text } = await client.call('codex_events', { jobId, cursor, maxEvents: 2000 });
        [, next] = text.slice(-120).match(/"nextCursor":"(\d+)"/);
    }
    const seconds = (now() - from) / 1000;
    const cpu = client.usage().cpu - cpuBefore;
    await client.close();
    return {
        'a page of 2000 events at 900,000 p50, ms': median(times),
        'draining 1M events: wall, s': seconds,
        'draining 1M events: CPU, s': cpu,
    };
}

const running = (jobs) => async (open) => {
    const client = await open().initialize();
    await client.call('ping', {});
    const from = now();
    const ids = [];
    for (let i = 0; i < jobs; i++) {
        ids.push(await client.spawnJob('n=180 us=100000'));
    }
    const spawned = now() - from;
    await sleep(1500);
    const before = client.usage().cpu;
    const seconds = 6;
    await sleep(seconds * 1000);
    const after = client.usage();
    await Promise.all(ids.map((jobId) => client.call('codex_cancel', { jobId, force: true })));
    await client.awaitAll(ids);
    await client.close();
    return {
        [`${jobs} running jobs: time to spawn all, ms`]: spawned,
        [`${jobs} running jobs: CPU, %`]: (100 * (after.cpu - before)) / seconds,
        [`${jobs} running jobs: RSS, MB`]: after.rss,
    };
};

async function retained(open) {
    const client = await open().initialize();
    const jobs = 10000;
    let begun = 0;
    await Promise.all(Array.from({ length: 8 }, async () => {
        while (begun++ < jobs) {
            await client.awaitAny([await client.spawnJob('n=1')]);
        }
    }));
    const { rss } = client.usage();
    await client.close();
    return { '10,000 ended jobs kept: RSS, MB': rss };
}

export const FIGURES = {
    start,
    ping,
    spawn,
    wake,
    ingest1: ingesting('1M lines, 200 MB, one job', 1, `n=${LINES}`),
    ingest32: ingesting('32 jobs × 50k lines', 32, 'n=50000'),
    huge: ingesting('one line of 16 MiB', 1, `n=1 size=${16 * 1024 * 1024}`),
    pages,
    running32: running(32),
    running512: running(512),
    retained,
    ...FLEET_FIGURES,
    ...TREE_FIGURES,
    // How cost grows: each at three sizes.
    growsWithEvents100k: ingesting('growth: 100k lines', 1, 'n=100000'),
    growsWithEvents300k: ingesting('growth: 300k lines', 1, 'n=300000'),
    growsWithEvents900k: ingesting('growth: 900k lines', 1, 'n=900000'),
    growsWithLength1M: ingesting('growth: one line of 1 MiB', 1, `n=1 size=${1 << 20}`),
    growsWithLength4M: ingesting('growth: one line of 4 MiB', 1, `n=1 size=${4 << 20}`),
    growsWithLength64M: ingesting('growth: one line of 64 MiB', 1, `n=1 size=${64 << 20}`),
    growsWithJobs64: running(64),
    growsWithJobs128: running(128),
    growsWithJobs256: running(256),
};

/** Run by default: all but the growth. */
export const DEFAULT_FIGURES = Object.keys(FIGURES).filter((name) => !name.startsWith('grows'));

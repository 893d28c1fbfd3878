// The figures of a fleet: what it costs the client's model, the queue beside xargs, the overview of many jobs.
import { spawnSync } from 'node:child_process';
import { now, quantile } from './client.mjs';

const MESSAGE = 'size=400'; // a worker's final message, with its frame
const GROUP = 500;

/** Counts the calls of a client, the bytes of their arguments, which its model writes, and of their answers, which it reads. */
function counted(client) {
    const count = { calls: 0, written: 0, read: 0 };
    count.call = async (name, args) => {
        const { text } = await client.call(name, args);
        count.calls++;
        count.written += Buffer.byteLength(JSON.stringify(args));
        count.read += Buffer.byteLength(text);
        return name === 'codex_result' ? text : JSON.parse(text);
    };
    return count;
}

/** One call at a time, as models call tools. */
async function oldLoop(client, workers) {
    const count = counted(client);
    const open = [];
    for (let i = 0; i < workers; i++) {
        open.push((await count.call('codex_spawn', { prompt: `n=1 post=200 ${MESSAGE}`, label: `part-${i}` })).jobId);
    }
    while (open.length > 0) {
        const { completedJobId } = await count.call('codex_wait_any', { jobIds: open, timeoutMs: 25000 });
        if (completedJobId) {
            await count.call('codex_status', { jobId: completedJobId });
            await count.call('codex_result', { jobId: completedJobId });
            open.splice(open.indexOf(completedJobId), 1);
        }
    }
    return count;
}

async function newCalls(client, workers) {
    const count = counted(client);
    const jobs = Array.from({ length: workers }, (_, i) => ({ prompt: `n=1 post=200 ${MESSAGE}`, label: `part-${i}` }));
    await count.call('codex_spawn_group', { jobs, defaults: { queue: true } });
    for (let left = true; left;) {
        const { pending, more } = await count.call('codex_wait', {});
        left = pending.queued + pending.running > 0 || more > 0;
    }
    return count;
}

const bossCost = (workers) => async (open) => {
    const figures = {};
    for (const [name, run] of [['old loop', oldLoop], ['group and wait', newCalls]]) {
        const client = await open().initialize();
        const { calls, written, read } = await run(client, workers);
        await client.close();
        figures[`${workers} workers, ${name}: calls`] = calls;
        figures[`${workers} workers, ${name}: bytes written by the model`] = written;
        figures[`${workers} workers, ${name}: bytes read by the model`] = read;
    }
    return figures;
};

async function spawnGroups(client, jobs, job) {
    for (let i = 0; i < jobs; i += GROUP) {
        await client.call('codex_spawn_group', { jobs: Array.from({ length: Math.min(GROUP, jobs - i) }, () => job) });
    }
}

async function awaitAll(client) {
    for (;;) {
        const { text } = await client.call('codex_wait', { includeMessages: false, maxBytes: 1 << 20, timeoutMs: 300000 });
        const { pending, more } = JSON.parse(text);
        if (pending.queued + pending.running === 0 && !more) {
            return;
        }
    }
}

/** The same workers through the queue and through xargs, in turns. */
async function queue(open) {
    const jobs = 10000;
    const client = await open({ CODEX_MCP_MAX_JOBS: '32' }).initialize();
    await client.call('ping', {});
    const from = now();
    await spawnGroups(client, jobs, { prompt: 'n=1', queue: true });
    await awaitAll(client);
    const ours = (now() - from) / 1000;
    const { peak } = client.usage();
    await client.close();
    const begun = now();
    spawnSync('/bin/sh', ['-c', `yes n=1 | head -n ${jobs} | xargs -P 32 -n 1 codex exec --json -- >/dev/null`], {
        env: { ...process.env, PATH: `${client.folderOfCodex}:${process.env.PATH}` },
    });
    const xargs = (now() - begun) / 1000;
    return {
        '10,000 queued jobs, 32 at a time: wall, s': ours,
        '10,000 queued jobs, 32 at a time: peak RSS, MB': peak,
        'the same through xargs -P 32: wall, s': xargs,
        'throughput, as a part of that of xargs': xargs / ours,
    };
}

/** 32 running jobs of 10,000. */
async function list(open) {
    const client = await open({ CODEX_MCP_MAX_JOBS: '32' }).initialize();
    await spawnGroups(client, 9968, { prompt: 'n=1', queue: true });
    await awaitAll(client);
    await spawnGroups(client, 32, { prompt: 'n=600 us=100000', label: 'a worker with quite a long label' });
    const times = [];
    let most = 0;
    for (let i = 0; i < 300; i++) {
        const from = now();
        const { at, text } = await client.call('codex_list', {});
        times.push(at - from);
        most = Math.max(most, Buffer.byteLength(text));
    }
    await client.call('codex_cancel', { label: '*', force: true });
    await client.close();
    return {
        'codex_list, 32 running of 10,000 p50, ms': quantile(times, 0.5),
        'codex_list, 32 running of 10,000 p99, ms': quantile(times, 0.99),
        'codex_list, 32 running of 10,000: most bytes': most,
    };
}

export const FLEET_FIGURES = {
    bossCost8: bossCost(8),
    bossCost32: bossCost(32),
    bossCost128: bossCost(128),
    queue,
    list,
};

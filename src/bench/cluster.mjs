// What workers on Slurm cost, beside srun alone: wall time, the latency of lines, the server's memory.
import { spawn, spawnSync } from 'node:child_process';
import os from 'node:os';
import { Client, median, now, quantile, sleep } from './client.mjs';

const [folderOfCodex, command, ...options] = process.argv.slice(2);
const LINES = 400;
const LATENCY = `n=${LINES} us=10000 times=1`;

let sizes = [64, 500];
let rounds = 3;
for (let i = 0; i < options.length; i += 2) {
    const value = options[i + 1];
    if (options[i] === '--sizes' && value?.split(',').every((size) => Number(size) > 0)) {
        sizes = value.split(',').map(Number);
    } else if (options[i] === '--rounds' && Number(value) > 0) {
        rounds = Number(value);
    } else {
        console.error(`bench-cluster: cannot make sense of "${options[i]} ${value ?? ''}"
It takes --sizes N,N,… (numbers of workers, default ${sizes}) and --rounds N (default ${rounds}).`);
        process.exit(2);
    }
}

const open = (launcher) => new Client(command, folderOfCodex, {
    CODEX_MCP_LAUNCHER: launcher, CODEX_MCP_LAUNCHER_ENV: 'PATH', CODEX_MCP_SNAPSHOTS: 'off',
}).initialize();

/** The jobs of a group, with a prompt for the fake codex. */
async function group(client, count, prompt) {
    const { text } = await client.call('codex_spawn_group', { jobs: Array.from({ length: count }, () => ({ prompt })) });
    return JSON.parse(text).results.map(({ jobId }) => jobId);
}

/** Waits until no job is left, and returns how many have ended with each status. */
async function outcome(client) {
    for (;;) {
        const { text } = await client.call('codex_wait', { includeMessages: false, maxBytes: 1 << 20, timeoutMs: 300000 });
        const { pending, more } = JSON.parse(text);
        if (pending.queued + pending.running === 0 && !more) {
            const list = JSON.parse((await client.call('codex_list', { limit: 1 })).text);
            return list.counts;
        }
    }
}

function shell(script) {
    const from = now();
    const { status } = spawnSync('/bin/sh', ['-c', script], { stdio: ['ignore', 'ignore', 'inherit'] });
    if (status !== 0) {
        throw new Error(`exit code ${status}: ${script}`);
    }
    return (now() - from) / 1000;
}

const figures = new Map();
const add = (name, value) => figures.set(name, [...(figures.get(name) ?? []), value]);

async function wallTime(count) {
    const alone = shell(`i=0; while [ $i -lt ${count} ]; do srun -Q -n1 true || exit; i=$((i + 1)); done`);
    const parallel = shell(`yes | head -n ${count} | xargs -P 64 -n 1 srun -Q -n1 true`);
    const client = await open('slurm');
    await client.call('ping', {});
    const from = now();
    await group(client, count, 'n=1');
    const counts = await outcome(client);
    const ours = (now() - from) / 1000;
    await client.close();
    if (counts.done !== count) {
        throw new Error(`of ${count} workers: ${JSON.stringify(counts)}`);
    }
    add(`${count} × srun true in a loop, s`, alone);
    add(`${count} × srun true, 64 at a time (xargs -P 64), s`, parallel);
    add(`${count} workers in a group, s`, ours);
    add(`the same, as a part of the loop`, ours / alone);
}

/** The time that is written at the beginning of a line's text. */
const age = (text, at) => at - Number(text) / 1e6;

async function latencyOfServer(launcher) {
    const client = await open(launcher);
    const jobId = await client.spawnJob(LATENCY);
    const times = [];
    for (let cursor = '0', done = false; !done;) {
        const { text, at } = await client.call('codex_events', { jobId, cursor, maxEvents: 2000 });
        const page = JSON.parse(text);
        page.events.filter((event) => event.type === 'message').forEach((event) => times.push(age(event.content.text.slice(0, 18), at)));
        ({ done } = page);
        cursor = page.nextCursor;
    }
    await client.close();
    return quantile(times.slice(LINES / 4), 0.5);
}

function latencyAlone(program, args) {
    return new Promise((resolve) => {
        const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
        const times = [];
        child.stdout.on('data', (data) => {
            const at = now();
            for (const [, text] of data.toString().matchAll(/"text":"(\d{18})/g)) {
                times.push(age(text, at));
            }
        });
        child.on('close', () => resolve(quantile(times.slice(LINES / 4), 0.5)));
    });
}

async function latency() {
    const codex = `${folderOfCodex}/codex`;
    const srun = await latencyAlone('srun', ['-Q', '-n1', codex, LATENCY]);
    const ours = await latencyOfServer('slurm');
    add("a worker's line → srun alone p50, ms", srun);
    add("a worker's line → codex_events, on Slurm p50, ms", ours);
    add('the difference, ms', ours - srun);
    add("a worker's line → codex_events, local p50, ms", await latencyOfServer('local'));
}

/** The server's memory for each of 60 running jobs, in KB, once the first has run. */
async function memory(launcher) {
    const client = await open(launcher);
    await client.call('ping', {});
    await client.awaitAll(await group(client, 4, 'n=3'));
    await sleep(500);
    const before = client.usage();
    await group(client, 60, 'n=600 us=100000');
    for (let running = 0; running < 60;) {
        await sleep(200);
        ({ counts: { running } } = JSON.parse((await client.call('codex_list', { limit: 1 })).text));
    }
    await sleep(3000);
    const after = client.usage();
    await client.call('codex_cancel', { label: '*', force: true }).catch(() => {});
    await client.close();
    return { each: ((after.rss - before.rss) * 1024) / 60, threads: (after.threads - before.threads) / 60 };
}

async function memories() {
    const local = await memory('local');
    const remote = await memory('slurm');
    add('server memory for each of 60 running jobs, local, KB', local.each);
    add('the same on Slurm, KB', remote.each);
    add('remote to local', remote.each / local.each);
    add('threads for each, local; on Slurm', `${local.threads.toFixed(1)}; ${remote.threads.toFixed(1)}`);
}

const cpus = os.cpus();
console.log(`${cpus.length} × ${cpus[0].model}, ${os.type()} ${os.release()}; medians of ${rounds}; load ${os.loadavg()[0].toFixed(1)} at the start`);
console.log('\n| figure | |\n|---|---|');
for (const [size, run] of [[0, latency], [0, memories], ...sizes.map((count) => [count, () => wallTime(count)])]) {
    figures.clear();
    for (let round = 0; round < (size > 100 ? 1 : rounds); round++) {
        await run();
    }
    for (const [name, values] of figures) {
        const value = typeof values[0] === 'number' ? median(values).toPrecision(3) : values.at(-1);
        console.log(`| ${name} | ${value} |`);
    }
}

// Runs figures on one or several servers, interleaved (A B, B A, …), and prints medians and ratios as a table.
import { spawnSync } from 'node:child_process';
import os from 'node:os';
import { Client, median } from './client.mjs';
import { DEFAULT_FIGURES, FIGURES } from './figures.mjs';

const [folderOfCodex, ...options] = process.argv.slice(2);
const servers = [];
let names = DEFAULT_FIGURES;
let rounds = 3;
let failed = false;
for (let i = 0; i < options.length; i += 2) {
    const value = options[i + 1];
    if (options[i] === '--server' && value?.includes('=')) {
        servers.push({ name: value.slice(0, value.indexOf('=')), command: value.slice(value.indexOf('=') + 1) });
    } else if (options[i] === '--figures' && value?.split(',').every((name) => name in FIGURES)) {
        names = value.split(',');
    } else if (options[i] === '--rounds' && Number(value) > 0) {
        rounds = Number(value);
    } else {
        console.error(`bench: cannot make sense of "${options[i]} ${value ?? ''}"
It takes --server NAME='COMMAND' (again for each further one), --figures A,B,… of
${Object.keys(FIGURES).join(' ')}, and --rounds N.`);
        process.exit(2);
    }
}

function yardstick() {
    const command = `"${folderOfCodex}/codex" n=1000000 | cat >/dev/null`;
    const times = [1, 2, 3, 4, 5].map(() => {
        const from = process.hrtime.bigint();
        spawnSync('/bin/sh', ['-c', command]);
        return Number(process.hrtime.bigint() - from) / 1e9;
    });
    return median(times);
}

const format = (x) => (Number.isFinite(x) ? (Math.abs(x) >= 100 ? x.toFixed(0) : x.toPrecision(3)) : '-');
const cpus = os.cpus();
console.log(`${cpus.length} × ${cpus[0].model}, ${os.type()} ${os.release()}; medians of ${rounds}`);
console.log(`the 200 MB of "1M lines" through cat: ${yardstick().toFixed(3)} s\n`);
console.log(`| figure | ${servers.map(({ name }, i) => (i ? `${name} | ratio` : name)).join(' | ')} |`);
console.log(`|---|${servers.map((_, i) => (i ? '---|---' : '---')).join('|')}|`);
for (const name of names) {
    const results = servers.map(() => ({}));
    for (let round = 0; round < rounds; round++) {
        const order = servers.map((_, i) => i);
        for (const i of round % 2 ? order.reverse() : order) {
            try {
                const figures = await FIGURES[name]((environment) => new Client(servers[i].command, folderOfCodex, environment));
                for (const [figure, value] of Object.entries(figures)) {
                    (results[i][figure] ??= []).push(value);
                }
            } catch (error) {
                failed = true;
                console.error(`${name} on ${servers[i].name}: ${error.message}`);
            }
        }
    }
    for (const figure of new Set(results.flatMap((result) => Object.keys(result)))) {
        const medians = results.map((result) => (result[figure] ? median(result[figure]) : NaN));
        const cells = medians.map((value, i) => (i ? `${format(value)} | ${format(value / medians[0])}` : format(value)));
        console.log(`| ${figure} | ${cells.join(' | ')} |`);
    }
}
// Explicitly: a failed figure may have left a server running that this process would wait for.
process.exit(failed ? 1 : 0);

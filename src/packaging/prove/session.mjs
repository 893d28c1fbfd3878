// A session with an installed server: the handshake, the tools, and a worker that is a shell script.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** The fake Codex CLI: says one thing and exits. */
export const WORKER = `#!/bin/sh
echo '{"type":"thread.started","thread_id":"t"}'
echo '{"type":"turn.started"}'
echo '{"type":"item.completed","item":{"id":"item_0","type":"agent_message","text":"hello from a worker"}}'
echo '{"type":"turn.completed","usage":{"input_tokens":1,"cached_input_tokens":0,"output_tokens":1}}'
`;

const LIMIT_MS = 300_000;

/**
 * Runs a session with the server that this command starts. Throws if anything is wrong with it, with what it printed.
 *
 * @param worker where the server finds the fake CLI; nothing if it finds the CLI itself, and a worker is not spawned
 */
export async function session([program, ...args], { env, cwd, worker }) {
    const server = spawn(program, args, { env: { ...env, ...(worker && { CODEX_MCP_CODEX_BIN: worker }) }, cwd });
    let stderr = '';
    server.stderr.on('data', (data) => (stderr += data));
    server.stdin.on('error', () => {});
    const waiting = new Map();
    const ended = new Promise((resolve, reject) => {
        server.on('error', reject);
        server.on('close', (code, signal) => resolve({ code, signal }));
    });
    const timer = setTimeout(() => server.kill('SIGKILL'), LIMIT_MS);
    createInterface({ input: server.stdout }).on('line', (line) => {
        const message = JSON.parse(line); // the protocol allows nothing else on stdout
        waiting.get(message.id)?.(message);
    });
    let id = 0;
    const request = async (method, params) => {
        const answer = new Promise((resolve) => waiting.set(++id, resolve));
        server.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
        const gone = ended.then(({ code, signal }) => {
            throw new Error(`${program} ended with ${code ?? signal} during ${method}: ${stderr}`);
        });
        const { result, error } = await Promise.race([answer, gone]);
        if (error || result.isError) {
            throw new Error(`${method}: ${JSON.stringify(error ?? result)}`);
        }
        return result;
    };
    const call = async (name, given) => (await request('tools/call', { name, arguments: given })).content[0].text;

    const { serverInfo } = await request('initialize', {
        protocolVersion: '2025-06-18',
        capabilities: {},
        clientInfo: { name: 'prove', version: '1' },
    });
    server.stdin.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
    const { tools } = await request('tools/list', {});
    expect(tools.some(({ name }) => name === 'codex_spawn'), 'codex_spawn is listed');
    if (worker) {
        const { jobId } = JSON.parse(await call('codex_spawn', { prompt: 'say hello', sandbox: 'read-only' }));
        await call('codex_wait_any', { jobIds: [jobId], timeoutMs: 60_000 });
        expect((await call('codex_result', { jobId })) === 'hello from a worker', 'the worker says hello');
    }
    server.stdin.end();
    const { code } = await ended;
    clearTimeout(timer);
    expect(code === 0 && stderr === '', `the server exits with 0 and prints nothing on stderr, but: ${code} ${stderr}`);
    return serverInfo;
}

export function expect(holds, what) {
    if (!holds) {
        throw new Error(`expected: ${what}`);
    }
}

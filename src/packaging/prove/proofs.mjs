// One proof for each package: install, use, remove, nothing left. Each returns why it was skipped, or nothing.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { emptyRoot, has, listing, toolbox, writeWorker } from './places.mjs';
import { serve } from './registry.mjs';
import { expect, session } from './session.mjs';

const NPM_PACKAGE = '@codexmcp/codex-mcp-server';

/** Uses what is installed in the folder "app" of a place, as nobody's computer: only the launcher's tools are there. */
async function useInEmptyRoot({ place, run }, command, env = {}) {
    const root = join(place, 'root');
    const app = join(place, 'app');
    const enter = emptyRoot(root);
    if (!enter) {
        const bare = { PATH: toolbox(join(place, 'bin')), HOME: place, ...env };
        const worker = writeWorker(join(place, 'worker'));
        expect((await run(join(app, command), ['--version'], { env: bare })).startsWith('codex-mcp-server '), 'a version');
        return session([join(app, command)], { env: bare, cwd: place, worker });
    }
    writeWorker(join(root, 'home/worker'));
    const before = listing(root);
    await run('cp', ['-a', app, join(root, 'home/some app')]);
    const bare = { PATH: process.env.PATH };
    const variables = Object.entries(env).map((entry) => entry.join('='));
    const inside = (...more) => enter(['/bin/env', '-i', 'PATH=/bin', 'HOME=/home', ...variables, ...more]);
    const program = `/home/some app/${command}`;
    const runInside = (...more) => {
        const [entering, ...rest] = inside(program, ...more);
        return run(entering, rest, { env: bare });
    };
    expect((await runInside('--version')).startsWith('codex-mcp-server '), 'a version');
    // Otherwise the server does it in the background, and the end of this process namespace would interrupt it.
    await runInside('--train');
    for (let i = 0; i < 2; i++) {
        await session(inside('CODEX_MCP_CODEX_BIN=/home/worker', program), { env: bare, cwd: place, worker: '/home/worker' });
    }
    rmSync(join(root, 'home/some app'), { recursive: true });
    // The user's state, not the package's; the README names the folder.
    rmSync(join(root, 'home/.local'), { recursive: true, force: true });
    expect(listing(root) === before, `nothing left behind, but:\n${listing(root)}\nbefore:\n${before}`);
}

async function image(context) {
    const app = join(context.place, 'app');
    mkdirSync(app);
    await context.run('tar', ['-xzf', context.file('.tar.gz'), '-C', app, '--strip-components=1']);
    const archive = readdirSync(join(app, 'lib')).find((name) => name.endsWith('.aot'));
    if (archive) {
        const log = join(context.place, 'classes');
        const env = { PATH: toolbox(join(context.place, 'bin')), CODEX_MCP_JAVA_OPTS: '-Xlog:class+load:file=classes' };
        await context.run(join(app, 'bin/codex-mcp-server'), ['--version'], { env, cwd: context.place });
        const source = /dev\.codexmcp\.Main source: shared objects file/;
        expect(source.test(readFileSync(log, 'utf8')), 'the class archive works in another folder');
    }
    await useInEmptyRoot(context, 'bin/codex-mcp-server');
}

async function mcpb(context) {
    const app = join(context.place, 'app');
    await context.run('npx', ['-y', '@anthropic-ai/mcpb@2.1.2', 'unpack', context.file('.mcpb'), app]);
    const manifest = JSON.parse(readFileSync(join(app, 'manifest.json'), 'utf8'));
    const { command } = manifest.server.mcp_config;
    expect(command === `\${__dirname}/${manifest.server.entry_point}`, 'the command is the entry point');
    await useInEmptyRoot(context, manifest.server.entry_point, { CODEX_MCP_MAX_JOBS: `${manifest.user_config.max_jobs.default}` });
}

/** With npm of this machine and with npm 10, with scripts disabled, and where there is no Java runtime for the platform. */
async function npm({ place, files, run }) {
    const registry = await serve(files('.tgz'));
    const withoutRuntimes = await serve(files('.tgz').filter((name) => !/-(linux|darwin)-/.test(name)));
    try {
        const npm10 = join(place, 'npm10');
        await run('npm', ['install', '--silent', '--prefix', npm10, 'npm@10']);
        for (const cli of [null, join(npm10, 'node_modules/npm/bin/npm-cli.js')]) {
            await withNpm(cli, place, registry.url, withoutRuntimes.url, run);
        }
    } finally {
        registry.close();
        withoutRuntimes.close();
    }
}

async function withNpm(cli, place, url, urlWithoutRuntimes, run) {
    const home = join(place, cli ? 'home of npm 10' : 'home');
    const prefix = join(home, 'global');
    mkdirSync(prefix, { recursive: true });
    const worker = writeWorker(join(home, 'worker'));
    const env = {
        PATH: toolbox(join(home, 'bin'), ['node', 'npm', 'npx', 'bash']),
        HOME: home,
        npm_config_registry: url,
        npm_config_prefix: prefix,
        npm_config_cache: join(home, 'cache'),
        npm_config_ignore_scripts: 'true',
        npm_config_update_notifier: 'false',
    };
    const npmRun = (...args) =>
        cli ? run(process.execPath, [cli, ...args], { env, cwd: home }) : run('npm', args, { env, cwd: home });
    await npmRun('install', '--silent', '--global', NPM_PACKAGE);
    const program = join(prefix, 'bin/codex-mcp-server');
    await session([program], { env, cwd: home, worker });
    const help = await run(program, ['install', '--help'], { env });
    expect(help.includes('usage: codex-mcp-server install'), 'subcommands reach the server');
    await npmRun('uninstall', '--silent', '--global', NPM_PACKAGE);
    expect(!/codex-mcp-server/.test(listing(prefix)), `nothing of it left, but:\n${listing(prefix)}`);

    const npx = cli ? [process.execPath, cli, 'exec', '--yes', '--', NPM_PACKAGE] : ['npx', '-y', NPM_PACKAGE];
    await session(npx, { env, cwd: home, worker });

    const elsewhere = ['--registry', urlWithoutRuntimes, '--cache', join(home, 'another cache')];
    await npmRun('install', '--silent', '--global', ...elsewhere, NPM_PACKAGE);
    expect(!/codex-mcp-server-(linux|darwin)/.test(listing(prefix)), `no runtime, but:\n${listing(prefix)}`);
    const java = { ...env, JAVA_HOME: process.env.JAVA_HOME ?? '/usr/lib/jvm/java-17-openjdk-amd64' };
    await session([program], { env: java, cwd: home, worker });
    let complaint = '';
    try {
        await run(program, [], { env });
    } catch (error) {
        complaint = error.stderr;
    }
    expect(complaint.includes('needs Java 17 or newer'), `a clear message without any Java, but: ${complaint}`);
    await npmRun('uninstall', '--silent', '--global', NPM_PACKAGE);
    expect(!/codex-mcp-server/.test(listing(prefix)), 'nothing of it left');
}

async function oci({ place, file, run }) {
    if (!file('.oci.tar') || !has('podman')) {
        return 'needs a container image and podman';
    }
    const folders = ['--root', join(place, 'images'), '--runroot', join(place, 'run')];
    const storage = [...folders, '--storage-driver', 'vfs', '--cgroup-manager', 'cgroupfs'];
    const podman = (...args) => run('podman', [...storage, ...args]);
    const tag = (await podman('load', '--quiet', '--input', file('.oci.tar'))).trim().replace(/^.*: /, '');
    try {
        const limits = (await run('sh', ['-c', 'ulimit -n'])).trim();
        const ulimits = ['--ulimit', `nofile=${limits}:${limits}`, '--ulimit', 'nproc=1000:1000'];
        const options = ['run', '--rm', '--interactive', '--network', 'none', ...ulimits];
        const worker = writeWorker(join(place, 'worker'));
        const shared = ['--volume', `${worker}:/worker:ro`, '--env', 'CODEX_MCP_CODEX_BIN=/worker'];
        let runtime = [];
        try {
            await podman(...options, '--entrypoint', 'codex', tag, '--version');
        } catch (error) {
            if (!has('runc')) {
                throw error;
            }
            runtime = ['--runtime', 'runc'];
        }
        const version = await run('podman', [...storage, ...runtime, ...options, '--entrypoint', 'codex', tag, '--version']);
        expect(/^codex-cli \d/.test(version), 'the Codex CLI runs');
        await session(['podman', ...storage, ...runtime, ...options, ...shared, tag], { env: process.env, cwd: place, worker: '/worker' });
        const labels = JSON.parse(await podman('image', 'inspect', tag))[0].Labels;
        expect(labels['io.modelcontextprotocol.server.name'] === 'dev.codexmcp/codex-mcp-server', 'the label of the MCP registry');
    } finally {
        await podman('rmi', '--all', '--force');
    }
    expect((await podman('ps', '--all', '--quiet')) === '' && (await podman('images', '--quiet')) === '', 'nothing left');
}

/** As Maven, JBang and Gradle use it: the jar with the dependencies that its POM names, on any Java. */
async function maven({ place, release, run }) {
    const root = join(release, '../..');
    const manifest = JSON.parse(readFileSync(join(root, 'server.json'), 'utf8'));
    const folder = join(release, 'maven/dev/codexmcp/codex-mcp-server', manifest.version);
    const base = `codex-mcp-server-${manifest.version}`;
    const kinds = ['.jar', '.pom', '-sources.jar', '-javadoc.jar'];
    kinds.forEach((kind) => expect(existsSync(join(folder, base + kind)), `${base}${kind} exists`));
    const list = join(place, 'classpath');
    const env = { ...process.env, LC_ALL: 'C.UTF-8' }; // Java has no other way to name this place
    const goal = ['dependency:build-classpath', '-DincludeScope=runtime', `-Dmdep.outputFile=${list}`];
    await run(join(root, 'mvnw'), ['-q', '-f', join(folder, `${base}.pom`), ...goal], { env });
    const classpath = [join(folder, `${base}.jar`), readFileSync(list, 'utf8').trim()].join(':');
    const java = ['java', '-Xlog:disable', '-Xlog:all=warning:stderr', '-cp', classpath, 'dev.codexmcp.Main'];
    const { version } = await session(java, { env, cwd: place, worker: writeWorker(join(place, 'worker')) });
    expect(version === manifest.version, `the jar knows its version, but: ${version}`);
}

export const PROOFS = { image, mcpb, npm, maven, oci };

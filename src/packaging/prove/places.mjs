// Places to install into that have neither Java nor Maven.
import { execFileSync } from 'node:child_process';
import {
    accessSync, chmodSync, constants, copyFileSync, existsSync, mkdirSync, readdirSync, realpathSync, statSync, symlinkSync, writeFileSync,
} from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { WORKER } from './session.mjs';

/** What the launcher may run. A normal start runs none of them but sh. */
const TOOLS = [
    'sh', 'cat', 'chmod', 'date', 'dd', 'env', 'find', 'ln', 'mkdir', 'mv', 'readlink', 'rm', 'setsid', 'sleep', 'sync', 'touch', 'uname', 'wc',
];

function find(program) {
    for (const folder of process.env.PATH.split(delimiter)) {
        try {
            accessSync(join(folder, program), constants.X_OK);
            return join(folder, program);
        } catch {
            // not here
        }
    }
    return null;
}

export function has(program) {
    return find(program) !== null;
}

/** A folder of links to the launcher's tools and to these programs, to be used as PATH. */
export function toolbox(folder, programs = []) {
    mkdirSync(folder, { recursive: true });
    for (const program of [...TOOLS, ...programs]) {
        if (has(program)) {
            symlinkSync(find(program), join(folder, program));
        }
    }
    return folder;
}

export function writeWorker(file) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, WORKER);
    chmodSync(file, 0o755);
    return file;
}

/** All files below a folder with their sizes, to see what was left behind. */
export function listing(folder) {
    const found = [];
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
        const path = join(entry.parentPath ?? entry.path, entry.name);
        if (!/\/(proc|dev)\//.test(path.slice(folder.length))) {
            found.push(entry.isFile() ? `${path} ${statSync(path).size}` : path);
        }
    }
    return found.sort().join('\n');
}

/** Copies a program or a library, with the libraries that it is linked with. */
function copyWithLibraries(root, file) {
    const libraries = execFileSync('ldd', [realpathSync(file)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    for (const path of [file, ...(libraries.match(/\/\S+/g) ?? [])]) {
        const copy = join(root, path);
        if (!existsSync(copy)) {
            mkdirSync(dirname(copy), { recursive: true });
            copyFileSync(realpathSync(path), copy);
            chmodSync(copy, 0o755);
        }
    }
}

/**
 * Lays out a root file system of a shell, the launcher's tools and the C library, and returns how to run a command in it,
 * in a process namespace of its own. Null if this system has no namespaces: then a bare environment has to do.
 */
export function emptyRoot(root) {
    const asRoot = process.getuid() === 0 ? [] : ['--user', '--map-root-user'];
    const enter = ['unshare', '--mount', '--pid', '--fork', '--kill-child', ...asRoot];
    try {
        execFileSync(enter[0], [...enter.slice(1), 'true'], { stdio: 'ignore' });
    } catch {
        return null;
    }
    for (const folder of ['bin', 'dev', 'proc', 'tmp', 'home']) {
        mkdirSync(join(root, folder), { recursive: true });
    }
    for (const tool of TOOLS) {
        const path = find(tool);
        copyWithLibraries(root, path);
        if (dirname(path) !== '/bin') {
            copyFileSync(realpathSync(path), join(root, 'bin', basename(path)));
        }
    }
    // All of the C library, which the JVM needs.
    const libraries = execFileSync('ldconfig', ['-p'], { encoding: 'utf8' });
    for (const [, path] of libraries.matchAll(/\blib(?:dl|m|pthread|rt)\.so\.\d .*(?:x86-64|AArch64).*=> (\S+)/g)) {
        copyWithLibraries(root, path);
    }
    const script = 'mount -t proc proc "$1/proc" && mount --rbind /dev "$1/dev" && root=$1 && shift && exec chroot "$root" "$@"';
    return (command) => [...enter, 'sh', '-c', script, 'sh', root, ...command];
}

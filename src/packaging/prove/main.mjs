// Installs the packages in a folder where there is neither Java nor Maven, uses each, removes it, and sees what is left.
//
//   node main.mjs target/release [image|mcpb|npm|maven|oci ...]
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { PROOFS } from './proofs.mjs';

const [folder, ...names] = process.argv.slice(2);
const release = resolve(folder);
/** Runs a program without input and returns what it prints; the error of one that fails has its stderr. */
const run = async (program, args, options) => {
    const running = promisify(execFile)(program, args, { ...options, encoding: 'utf8', maxBuffer: 1 << 26 });
    running.child.stdin.end();
    return (await running).stdout;
};
const platform = `${process.platform}-${process.arch}`;
const files = (ending) =>
    readdirSync(release)
        .filter((name) => name.endsWith(ending))
        .map((name) => join(release, name));
const file = (ending) => files(ending).find((name) => name.includes(platform)) ?? files(ending)[0];
let failed = false;
for (const name of names.length ? names : Object.keys(PROOFS)) {
    // A name that needs quoting, but for podman, which does not take it.
    const place = mkdtempSync(join(tmpdir(), name === 'oci' ? 'prove-' : `prove ${name} é `));
    try {
        const skipped = await PROOFS[name]({ place, release, files, file, run });
        console.log(skipped ? `skipped ${name}: ${skipped}` : `proved  ${name}`);
    } catch (error) {
        failed = true;
        console.log(`FAILED  ${name}: ${error.stack}`);
    } finally {
        rmSync(place, { recursive: true, force: true });
    }
}
process.exit(failed ? 1 : 0);

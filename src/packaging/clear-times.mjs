// Prints a class archive without the times in it. Takes two archives that were created alike: all they may differ in are
// the timestamps of soft references among the archived objects, in milliseconds since the machine was started, and the
// checksums of the header, which the JVM compares only with -XX:+VerifySharedSpaces. Anything else is an error.
import { readFileSync } from 'node:fs';

const HEADER = 4096;
const [one, other] = process.argv.slice(2).map((file) => readFileSync(file));

function fail(reason) {
    console.error(`clear-times: ${reason}: the release would not be reproducible`);
    process.exit(1);
}

if (one.length !== other.length) {
    fail(`${one.length} and ${other.length} bytes`);
}
let cleared = 0;
for (let at = 0; at < one.length; at += 8) {
    if (at + 8 > one.length || one.readBigUInt64LE(at) === other.readBigUInt64LE(at)) {
        continue;
    }
    if (at < HEADER) {
        for (const half of [at, at + 4]) {
            if (one.readUInt32LE(half) !== other.readUInt32LE(half)) {
                one.writeUInt32LE(0, half);
            }
        }
        continue;
    }
    // The second archive is at most an hour younger.
    const age = other.readBigInt64LE(at) - one.readBigInt64LE(at);
    if (age <= 0n || age > 3_600_000n || one.readBigUInt64LE(at) >> 42n) {
        fail(`they differ at byte ${at}`);
    }
    one.writeBigUInt64LE(0n, at);
    cleared++;
}
console.error(`clear-times: ${cleared} times cleared`);
process.stdout.write(one);

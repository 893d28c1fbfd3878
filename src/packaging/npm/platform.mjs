// Prints the package.json of the Java runtime for a platform.
import { readFileSync } from 'node:fs';

const [main, platform] = process.argv.slice(2);
const { name, version, license, homepage, repository, bugs } = JSON.parse(readFileSync(main, 'utf8'));
const [os, cpu] = platform.split('-');
const runtime = {
    name: `${name}-${platform}`,
    version,
    description: `The Java runtime of ${name} for ${platform}.`,
    license: `${license} AND GPL-2.0-only WITH Classpath-exception-2.0`,
    homepage,
    repository,
    bugs,
    files: ['runtime'],
    os: [os],
    cpu: [cpu],
    ...(os === 'linux' ? { libc: ['glibc'] } : {}),
};
console.log(JSON.stringify(runtime, null, 2));

// A registry for npm on this machine, with the packages of a release.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename } from 'node:path';

/** Serves these packed packages; close() stops it. */
export async function serve(files) {
    const server = createServer((request, response) => {
        const path = decodeURIComponent(request.url.slice(1));
        const file = files.find((packed) => basename(packed) === basename(path));
        const found = file ? readFileSync(file) : packages.get(path) && JSON.stringify(packages.get(path));
        response.statusCode = found ? 200 : 404;
        response.end(found || '{}');
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${server.address().port}`;
    const packages = new Map();
    for (const file of files) {
        const manifest = JSON.parse(execFileSync('tar', ['-xzOf', file, 'package/package.json'], { encoding: 'utf8' }));
        const { name, version } = manifest;
        const integrity = `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`;
        const dist = { tarball: `${url}/${basename(file)}`, integrity };
        packages.set(name, { name, 'dist-tags': { latest: version }, versions: { [version]: { ...manifest, dist } } });
    }
    return { url, close: () => server.close() };
}

// Writes an OCI image layout to the folder "layout" below the given one, from the layers 1.tar, 2.tar, 3.tar in it.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const [folder, version, created, platform, codexVersion] = process.argv.slice(2);
const layout = `${folder}/layout`;
const server = JSON.parse(readFileSync(new URL('../../server.json', import.meta.url), 'utf8'));
const sha256 = (bytes) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
mkdirSync(`${layout}/blobs/sha256`, { recursive: true });

function blob(mediaType, bytes) {
    const digest = sha256(bytes);
    writeFileSync(`${layout}/blobs/${digest.replace(':', '/')}`, bytes);
    return { mediaType, digest, size: bytes.length };
}

const json = (mediaType, value) => blob(mediaType, Buffer.from(JSON.stringify(value)));

const contents = ["Debian's packages", `the Codex CLI ${codexVersion}`, `codex-mcp-server ${version}`];
const diffs = [];
const layers = contents.map((_, i) => {
    const tar = readFileSync(`${folder}/${i + 1}.tar`);
    diffs.push(sha256(tar));
    return blob('application/vnd.oci.image.layer.v1.tar+gzip', gzipSync(tar));
});
const config = json('application/vnd.oci.image.config.v1+json', {
    created,
    architecture: platform.endsWith('arm64') ? 'arm64' : 'amd64',
    os: 'linux',
    config: {
        User: 'codex',
        Env: ['PATH=/usr/local/bin:/usr/bin:/bin', 'HOME=/home/codex', 'LANG=C.UTF-8'],
        Entrypoint: ['/opt/codex-mcp-server/bin/codex-mcp-server'],
        WorkingDir: '/workspace',
        StopSignal: 'SIGTERM',
        Labels: {
            'io.modelcontextprotocol.server.name': server.name,
            'org.opencontainers.image.title': server.title,
            'org.opencontainers.image.description': server.description,
            'org.opencontainers.image.version': version,
            'org.opencontainers.image.licenses': 'MIT',
            'org.opencontainers.image.source': server.repository.url,
        },
    },
    rootfs: { type: 'layers', diff_ids: diffs },
    history: contents.map((what) => ({ created, created_by: what })),
});
const mediaType = 'application/vnd.oci.image.manifest.v1+json';
const manifest = json(mediaType, { schemaVersion: 2, mediaType, config, layers });
manifest.annotations = { 'org.opencontainers.image.ref.name': `codex-mcp-server:${version}` };
writeFileSync(`${layout}/oci-layout`, JSON.stringify({ imageLayoutVersion: '1.0.0' }));
writeFileSync(`${layout}/index.json`, JSON.stringify({ schemaVersion: 2, manifests: [manifest] }));

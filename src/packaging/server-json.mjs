// Prints server.json with the MCPB bundles of a release added, and the container image that CODEX_MCP_OCI names.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

const [file, ...bundles] = process.argv.slice(2);
const server = JSON.parse(readFileSync(file, 'utf8'));
const [{ environmentVariables }] = server.packages;
const transport = { type: 'stdio' };
for (const bundle of bundles) {
    server.packages.push({
        registryType: 'mcpb',
        identifier: `${server.repository.url}/releases/download/v${server.version}/${basename(bundle)}`,
        fileSha256: createHash('sha256').update(readFileSync(bundle)).digest('hex'),
        transport,
    });
}
if (process.env.CODEX_MCP_OCI) {
    server.packages.push({
        registryType: 'oci',
        identifier: `${process.env.CODEX_MCP_OCI}:${server.version}`,
        transport,
        environmentVariables,
    });
}
console.log(JSON.stringify(server, null, 2));

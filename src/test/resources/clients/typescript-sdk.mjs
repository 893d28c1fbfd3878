// A client made with the TypeScript SDK: starts the server, lists its tools, runs a job to its end, gets an error, closes.
// Arguments: the folder that holds node_modules, the server's launcher, the folder the worker works in. Prints what it saw, as JSON.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, launcher, workingDirectory] = process.argv.slice(2);
const sdk = (file) => import(pathToFileURL(join(modules, "node_modules/@modelcontextprotocol/sdk/dist/esm", file)));
const { Client } = await sdk("client/index.js");
const { StdioClientTransport } = await sdk("client/stdio.js");

const transport = new StdioClientTransport({ command: launcher, env: process.env, cwd: workingDirectory });
const client = new Client({ name: "typescript-sdk", version: "1" });
const faults = [];
client.onerror = (error) => faults.push(String(error));
await client.connect(transport);

const seen = { server: client.getServerVersion().name };
seen.tools = (await client.listTools()).tools.map((tool) => tool.name);
const call = (name, args, options) => client.callTool({ name, arguments: args }, undefined, options);
const job = await call("codex_spawn", { prompt: "hello from TypeScript", workingDirectory, label: "ts" });
const { jobId } = job.structuredContent;
seen.spawned = job.structuredContent.status;
const wait = await call("codex_wait_any", { jobIds: [jobId], timeoutMs: 60000 });
seen.completed = wait.structuredContent.completedJobId === jobId;
seen.status = (await call("codex_status", { jobId })).structuredContent.status;
seen.result = (await call("codex_result", { jobId })).content[0].text;
// The worker of this turn waits for a file, which is made once there has been word of it.
const told = (progress) => progress.message && writeFileSync(join(workingDirectory, "told"), "");
const turn = await call("codex", { prompt: process.env.TURN, workingDirectory }, { onprogress: told });
seen.turn = turn.content[0].text;
const wrong = await call("codex_result", { jobId: "nobody" });
seen.error = [wrong.isError, wrong.content[0].text.split(".")[0]];

await client.close();
seen.faults = faults;
console.log(JSON.stringify(seen));

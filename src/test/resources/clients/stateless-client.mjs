// A client that speaks MCP 2026-07-28 only: discovers the server, lists its tools, runs a job to its end, gets errors, closes.
// Arguments: the folder that holds node_modules, the server's launcher, the folder the worker works in. Prints what it saw, as JSON.
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, launcher, workingDirectory] = process.argv.slice(2);
const sdk = (file) => import(pathToFileURL(join(modules, "node_modules/@modelcontextprotocol/client/dist", file)));
const { Client } = await sdk("index.mjs");
const { StdioClientTransport } = await sdk("stdio.mjs");

const transport = new StdioClientTransport({ command: launcher, env: process.env, cwd: workingDirectory });
const client = new Client({ name: "pinned", version: "1" }, { versionNegotiation: { mode: { pin: "2026-07-28" } } });
const faults = [];
client.onerror = (error) => faults.push(String(error));
await client.connect(transport);

const seen = { server: client.getServerVersion().name, version: client.getNegotiatedProtocolVersion() };
seen.tools = (await client.listTools()).tools.map((tool) => tool.name);
const call = (name, args) => client.callTool({ name, arguments: args });
const code = (failing) => failing.then(() => "no error", (error) => error.code);
const job = await call("codex_spawn", { prompt: "hello from 2026", workingDirectory });
const { jobId } = job.structuredContent;
const uri = `codex-job://${jobId}/result`;
const updated = new Promise((resolve) => client.setNotificationHandler("notifications/resources/updated", (note) => resolve(note.params.uri)));
const subscription = await client.listen({ resourceSubscriptions: [uri] });
const wait = await call("codex_wait_any", { jobIds: [jobId], timeoutMs: 60000 });
seen.completed = wait.structuredContent.completedJobId === jobId;
seen.updated = (await updated) === uri;
await subscription.close();
seen.resource = (await client.readResource({ uri })).contents[0].text;
seen.result = (await call("codex_result", { jobId })).content[0].text;
const turn = await call("codex", { prompt: "and a turn", workingDirectory });
seen.turn = turn.content[0].text;
seen.turnMeta = Object.keys(turn._meta).sort();
const wrong = await call("codex_result", { jobId: "nobody" });
seen.error = [wrong.isError, wrong.content[0].text.split(".")[0]];
seen.unknownTool = await code(call("nonsense", {}));
seen.unknownResource = await code(client.readResource({ uri: "codex-mcp-server://nonsense" }));
seen.runbook = (await client.readResource({ uri: "codex-mcp-server://runbook" })).contents[0].mimeType;

await client.close();
seen.faults = faults;
console.log(JSON.stringify(seen));

// Runs a server whose stdin and stdout are socket pairs, as Node hosts make them, and passes on what goes either way. A reader
// that pauses holds up what the server says, but nothing that is said to it.
// Arguments: the file that gets the server's exit code, the server's command.
import { spawn } from "node:child_process";
import { renameSync, writeFileSync } from "node:fs";

const [exitFile, program, ...args] = process.argv.slice(2);
const server = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] });
server.stdin.on("error", () => {}); // it has ended
process.stdin.pipe(server.stdin);
// By way of a program: process.stdout would hold up this one while nobody reads.
server.stdout.pipe(spawn("cat", { stdio: ["pipe", "inherit", "inherit"] }).stdin);
server.on("exit", (code, signal) => {
    writeFileSync(`${exitFile}.part`, String(code ?? signal));
    renameSync(`${exitFile}.part`, exitFile);
    process.stdin.destroy();
    process.exitCode = code ?? 1;
});

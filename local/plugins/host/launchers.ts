import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { versions } from "../../versions.ts";

const pluginsDir = join(import.meta.dirname, "..");
const binDir = join(import.meta.dirname, "..", "..", "bin");

/** Packages that have a stand-in here. */
const packages = ["aws", "eks", "kubernetes", "random", "tls"];

/** The version of the Kubernetes provider that the real eks component asks for by itself, see plugins/eks. */
const eksKubernetesVersion = "4.19.0";

/**
 * Installs the stand-ins where the engine keeps downloaded plugins, in the versions that the program's SDKs ask for:
 * each a shell script that starts our TypeScript on the Node.js that runs this. (On PATH they would work too, with a
 * warning from the engine each time it takes one.)
 *
 * @param pulumiHome the PULUMI_HOME; plugins that are none of these go
 * @param modules the program's node_modules
 */
export function installPlugins(pulumiHome: string, modules: string): void {
  const directory = join(pulumiHome, "plugins");
  keepNoDebugLogs(pulumiHome);
  const installed = [
    install(directory, "language", "nodejs", versions.pulumi, "language-nodejs"),
    ...packages.map((name) => install(directory, "resource", name, installedVersion(modules, name), name)),
    install(directory, "resource", "kubernetes", eksKubernetesVersion, "kubernetes"),
  ];
  removeOthers(directory, installed);
}

/**
 * The CLI writes an encrypted debug log of every property into PULUMI_HOME/logs, which takes more than half of its time
 * here, and has no switch for it. With a file of that name it goes without.
 */
function keepNoDebugLogs(pulumiHome: string): void {
  const logs = join(pulumiHome, "logs");
  if (existsSync(logs)) return;
  mkdirSync(pulumiHome, { recursive: true });
  writeFileSync(logs, "");
}

/** Fills a folder for PATH with the commands of `local/bin` and this Node.js. */
export function installCommands(directory: string): void {
  mkdirSync(directory, { recursive: true });
  const commands = readdirSync(binDir).map((file) => {
    const command = file.replace(/\.ts$/, "");
    writeScript(join(directory, command), [process.execPath, join(binDir, file)]);
    return command;
  });
  writeScript(join(directory, "node"), [process.execPath]);
  removeOthers(directory, [...commands, "node"]);
}

function install(directory: string, kind: string, name: string, version: string, folder: string): string {
  const home = `${kind}-${name}-v${version}`;
  mkdirSync(join(directory, home), { recursive: true });
  const script = join(directory, home, `pulumi-${kind}-${name}`);
  writeScript(script, [process.execPath, join(pluginsDir, folder, "main.ts")]);
  return home;
}

function installedVersion(modules: string, name: string): string {
  const manifest = readFileSync(join(modules, "@pulumi", name, "package.json"), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}

/** What is right already stays untouched: other commands may be running it just now. */
function writeScript(path: string, command: string[]): void {
  const content = `#!/bin/sh\nexec ${command.map(quote).join(" ")} "$@"\n`;
  if (existsSync(path) && readFileSync(path, "utf8") === content) return;
  writeFileSync(`${path}.new`, content, { mode: 0o755 });
  renameSync(`${path}.new`, path);
}

function removeOthers(directory: string, kept: string[]): void {
  for (const name of readdirSync(directory)) {
    if (!kept.includes(name)) rmSync(join(directory, name), { recursive: true, force: true });
  }
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

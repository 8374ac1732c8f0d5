import { chmodSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
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
 * @param pulumiHome the PULUMI_HOME; its plugins are replaced
 * @param modules the program's node_modules
 */
export function installPlugins(pulumiHome: string, modules: string): void {
  const directory = join(pulumiHome, "plugins");
  rmSync(directory, { recursive: true, force: true });
  install(directory, "language", "nodejs", versions.pulumi, "language-nodejs");
  for (const name of packages) install(directory, "resource", name, installedVersion(modules, name), name);
  install(directory, "resource", "kubernetes", eksKubernetesVersion, "kubernetes");
}

/** Fills a folder for PATH with the commands of `local/bin` and this Node.js. */
export function installCommands(directory: string): void {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  for (const file of readdirSync(binDir)) writeScript(join(directory, file.replace(/\.ts$/, "")), join(binDir, file));
  symlinkSync(process.execPath, join(directory, "node"));
}

function install(directory: string, kind: string, name: string, version: string, folder: string): void {
  const home = join(directory, `${kind}-${name}-v${version}`);
  mkdirSync(home, { recursive: true });
  writeScript(join(home, `pulumi-${kind}-${name}`), join(pluginsDir, folder, "main.ts"));
}

function installedVersion(modules: string, name: string): string {
  const manifest = readFileSync(join(modules, "@pulumi", name, "package.json"), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}

function writeScript(path: string, main: string): void {
  writeFileSync(path, `#!/bin/sh\nexec ${quote(process.execPath)} ${quote(main)} "$@"\n`);
  chmodSync(path, 0o755);
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

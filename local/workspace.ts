import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { parseDocument } from "yaml";
import { addOverrides } from "./workspace-overrides.ts";

/** Parts of the project that the program does not need. */
const leftOut = /^(local|out|node_modules)\//;
const stackFile = /^(Pulumi\.[^/]+\.yaml|stacks\/[^/]+\.ya?ml)$/;

/**
 * Makes the folder in which the shell works a fresh copy of the project: tracked files and new ones that are not
 * ignored, as they are now. Pulumi writes an encryption salt into the stack files it uses, so it must not work in the
 * project itself. A salt of an earlier copy is kept, and so are files that were made in the copy.
 *
 * @param project the root of the checkout
 * @param toolsDir the built tools, whose charts the stack files are pointed at
 */
export function refreshWorkspace(project: string, workspace: string, toolsDir: string): void {
  const files = projectFiles(project);
  mkdirSync(workspace, { recursive: true });
  const record = `${workspace}.json`;
  removeVanished(workspace, readRecord(record), files);
  for (const file of files) {
    const [from, to] = [join(project, file), join(workspace, file)];
    if (stackFile.test(file)) writeStackFile(from, to, toolsDir);
    else copyChanged(from, to);
  }
  linkModules(project, workspace);
  linkResults(project, workspace);
  writeFileSync(record, JSON.stringify(files));
}

/** The project's files, relative to its root. */
function projectFiles(project: string): string[] {
  const list = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
  const text = execFileSync("git", ["-C", project, ...list], { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  const files = text.split("\0").filter((file) => file !== "" && !leftOut.test(file));
  return [...new Set(files)].filter((file) => isFile(join(project, file)));
}

/** A tracked file may be deleted, and a submodule is a folder. */
function isFile(path: string): boolean {
  return existsSync(path) && !lstatSync(path).isDirectory();
}

function readRecord(path: string): string[] {
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as string[]) : [];
}

function removeVanished(workspace: string, before: string[], now: string[]): void {
  const kept = new Set(now);
  for (const file of before.filter((name) => !kept.has(name))) rmSync(join(workspace, file), { force: true });
}

/** A file that is right already stays untouched, because a program may be running in the copy just now. */
function copyChanged(from: string, to: string): void {
  if (existsSync(to) && readFileSync(to).equals(readFileSync(from))) return;
  cpSync(from, to, { force: true });
}

function writeStackFile(from: string, to: string, toolsDir: string): void {
  const document = parseDocument(readFileSync(from, "utf8"));
  addOverrides(document, toolsDir);
  const salt = existsSync(to) ? parseDocument(readFileSync(to, "utf8")).get("encryptionsalt") : undefined;
  if (salt !== undefined) document.set("encryptionsalt", salt);
  const text = document.toString();
  if (existsSync(to) && readFileSync(to, "utf8") === text) return;
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, text);
}

/** What commands write into `out` is the project's, unless a folder of that name was made in the copy. */
function linkResults(project: string, workspace: string): void {
  const [link, results] = [join(workspace, "out"), join(project, "out")];
  const present = lstatSync(link, { throwIfNoEntry: false });
  if (present?.isSymbolicLink() === false || (present && readlinkSync(link) === results)) return;
  mkdirSync(results, { recursive: true });
  rmSync(link, { force: true });
  symlinkSync(results, link);
}

function linkModules(project: string, workspace: string): void {
  const [link, modules] = [join(workspace, "node_modules"), join(project, "node_modules")];
  if (lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink() && readlinkSync(link) === modules) return;
  rmSync(link, { recursive: true, force: true });
  symlinkSync(modules, link);
}

import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { runDir } from "../paths.ts";
import { openSession, runInside } from "./session.ts";
import { say } from "./say.ts";

const prompt = "istio-lab (local cloud)";

/** Opens a shell on the user's machine in the workspace, or runs one line in it. Returns its exit code. */
export async function openShell(line: string | undefined): Promise<number> {
  const session = await openSession();
  if (line !== undefined) return runInside(session, ["bash", "-c", line]);
  const shell = session.env["SHELL"] || "bash";
  say("this shell's only network is the local cloud; `exit` leaves it, and the cloud goes on running");
  if (basename(shell) !== "bash")
    return runInside({ ...session, env: { ...session.env, PS1: `${prompt} $ ` } }, [shell]);
  return runInside(session, [shell, "--rcfile", writeRcFile(session.env["PATH"] ?? "")]);
}

/** Runs a command on the user's machine in the workspace. Returns its exit code. */
export async function execute(argv: string[]): Promise<number> {
  return runInside(await openSession(), argv);
}

/** The user's own settings, then ours over them. */
function writeRcFile(path: string): string {
  const file = join(runDir, "bashrc");
  const lines = [
    "[ -f ~/.bashrc ] && . ~/.bashrc",
    `PATH='${path}'`,
    `PS1='\\[\\e[1m\\]${prompt}\\[\\e[0m\\] \\W \\$ '`,
  ];
  writeFileSync(file, `${lines.join("\n")}\n`);
  return file;
}

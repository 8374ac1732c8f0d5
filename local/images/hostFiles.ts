import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { rootCertificates } from "node:tls";
import { findCommand } from "../tools/debian.ts";
import type { Tree } from "./layer.ts";

/** The shared libraries and the loader that executables of this machine need, at the paths where they look for them. */
export function librariesOf(executables: string[]): Tree {
  const tree: Tree = {};
  for (const executable of executables) {
    for (const line of execFileSync("ldd", [executable], { encoding: "utf8" }).split("\n")) {
      // "libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x…)" or "/lib64/ld-linux-x86-64.so.2 (0x…)"
      const path = /(?:^\s*|=> )(\/\S+)/.exec(line)?.[1];
      if (path !== undefined) tree[path] = { file: realpathSync(path) };
    }
  }
  return tree;
}

/** Commands of this machine under /usr/bin, with their libraries. */
export function commands(names: string[]): Tree {
  const found = names.map((name) => [name, required(name)] as const);
  const executables: Tree = Object.fromEntries(found.map(([name, path]) => [`/usr/bin/${name}`, { file: path }]));
  return { ...executables, ...librariesOf(found.map(([, path]) => path)) };
}

const iptablesNames = ["iptables", "ip6tables"].flatMap((name) => [name, `${name}-nft`]);

/** The nft flavour of iptables under all names by which pilot-agent looks for it, with its extensions. */
export function iptables(): Tree {
  const multi = required("xtables-nft-multi");
  const tree: Tree = { "/usr/sbin/xtables-nft-multi": { file: multi }, ...librariesOf([multi]) };
  for (const name of iptablesNames.flatMap((one) => [one, `${one}-save`, `${one}-restore`])) {
    tree[`/usr/sbin/${name}`] = { link: "xtables-nft-multi" };
  }
  const extensions = extensionFolder();
  for (const file of readdirSync(extensions).filter((name) => name.endsWith(".so"))) {
    tree[join(extensions, file)] = { file: realpathSync(join(extensions, file)) };
  }
  return tree;
}

/** Users, name resolution by hosts file then DNS, a writable /tmp, and the certificate authorities that Node trusts. */
export function baseFiles(): Tree {
  const users = [
    "root:x:0:0:root:/:",
    "curl_user:x:100:101::/:",
    "istio-proxy:x:1337:1337::/:",
    "nobody:x:65534:65534::/:",
  ];
  return {
    "/etc/passwd": { text: users.map((user) => `${user}/bin/false\n`).join("") },
    "/etc/group": { text: "root:x:0:\ncurl_group:x:101:\nistio-proxy:x:1337:\nnogroup:x:65534:\n" },
    "/etc/nsswitch.conf": { text: "hosts: files dns\n" },
    "/etc/ssl/certs/ca-certificates.crt": { text: `${rootCertificates.join("\n")}\n` },
    "/tmp": { folder: { mode: 0o1777 } },
  };
}

/** iptables loads its extensions from the folder it was compiled with, next to the distribution's libraries. */
function extensionFolder(): string {
  const libc =
    Object.keys(librariesOf([process.execPath])).find((path) => /\/libc\.so/.test(path)) ?? "/usr/lib/libc.so.6";
  const candidates = [join("/usr", dirname(libc), "xtables"), join(dirname(libc), "xtables"), "/usr/lib/xtables"];
  const folder = candidates.find((one) => existsSync(one));
  if (folder === undefined)
    throw new Error(`No extensions of iptables found in ${candidates.join(", ")}: reinstall iptables.`);
  return folder;
}

function required(name: string): string {
  const path = findCommand(name);
  if (path === undefined) throw new Error(`The images need the command ${name}, which this machine does not have.`);
  return realpathSync(path);
}

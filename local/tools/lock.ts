import { createHash } from "node:crypto";
import { createServer, type Server } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Runs something while no other process of this machine does so under the same name. The lock is a listening socket
 * in Linux's abstract namespace, which the kernel drops with its process, however that ends: unix(7).
 */
export async function withBuildLock<T>(name: string, log: (line: string) => void, use: () => Promise<T>): Promise<T> {
  // Such addresses are at most 108 bytes long.
  const address = `\0istio-lab-${createHash("sha256").update(name).digest("hex")}`;
  let server = await listen(address);
  if (server === undefined) log("Another process is building the tools; waiting for it.");
  while (server === undefined) {
    await sleep(1000);
    server = await listen(address);
  }
  const held = server;
  try {
    return await use();
  } finally {
    await new Promise((resolve) => held.close(resolve));
  }
}

/** Undefined when somebody else has the address. */
function listen(address: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(undefined);
      else reject(error);
    });
    server.listen(address, () => resolve(server));
  });
}

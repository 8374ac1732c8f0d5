/** A port of this machine that leads to a pod's. */
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import type { Cluster } from "../cluster/cluster.ts";
import { UsageError } from "../plan/usage-error.ts";
import type { Target } from "./target.ts";

export interface Forward {
  readonly cluster: Cluster;
  /** Asked for each connection, since a pod may have been replaced. */
  readonly target: () => Promise<Target>;
  /** 0 for any that is free. */
  readonly port: number;
  readonly say: (line: string) => void;
}

/**
 * Listens on this machine alone: who reaches the port sees what its user may see.
 * @throws UsageError where the port is taken
 */
export async function listen({ cluster, target, port, say }: Forward): Promise<Server> {
  const server = createServer((connection) => {
    // One that the browser gives up is no error.
    connection.on("error", () => connection.destroy());
    void target()
      .then((to) => cluster.forward(to.namespace, to.pod, to.port, connection))
      .catch((error: unknown) => {
        say((error as Error).message);
        connection.destroy();
      });
  });
  server.listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const taken = code === "EADDRINUSE" ? "another program listens there" : message;
    throw new UsageError(
      `Port ${port} of this machine cannot be used: ${taken}. Name another with --port, or 0 for any.`,
    );
  }
  return server;
}

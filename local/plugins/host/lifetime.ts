import { flushCompileCache } from "node:module";
import { connect } from "node:net";

/** Milliseconds between two looks at the engine. */
const interval = 5000;

/** Milliseconds after which a plugin has loaded what it needs. */
const warm = 1000;

/**
 * Ends this process after the engine ended, once nothing is under way: an engine that is killed leaves its plugins
 * behind. What is under way is finished first, as the real provider was seen to do.
 *
 * @param address the engine's `host:port`
 */
export function endWithEngine(address: string, isIdle: () => boolean): void {
  setInterval(() => {
    void answers(address).then((isThere) => {
      if (!isThere && isIdle()) process.exit(0);
    });
  }, interval).unref();
  // An engine that ends kills its plugins, which have no time then to keep what they compiled.
  setTimeout(flushCompileCache, warm).unref();
}

/** Counts what is under way among a service's methods. */
export class Activity {
  #active = 0;

  get isIdle(): boolean {
    return this.#active === 0;
  }

  /** The methods of a gRPC service, counted from request to answer; streams have no answer and are not counted. */
  counted<Service extends object>(service: Service): Service {
    const entries = Object.entries(service) as [string, (call: unknown, callback?: Callback) => void][];
    const counted = entries.map(([name, method]) => [
      name,
      (call: unknown, callback?: Callback) => {
        if (!callback) {
          method(call);
          return;
        }
        this.#active++;
        method(call, (...answer) => {
          this.#active--;
          callback(...answer);
        });
      },
    ]);
    return Object.fromEntries(counted) as Service;
  }
}

type Callback = (...answer: unknown[]) => void;

function answers(address: string): Promise<boolean> {
  const [host = "", port = ""] = address.split(/:(?=\d+$)/);
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port) });
    socket.once("connect", () => socket.destroy());
    socket.once("close", (hadError) => resolve(!hadError));
    socket.on("error", () => undefined);
  });
}

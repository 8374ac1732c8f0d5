import { request } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";

const attempts = 60;
const pause = 5_000;
const timeout = 1_000;

/**
 * Waits until an API server answers /healthz. As in pulumi-eks the wait ends after five minutes *without an error*:
 * whoever uses the cluster next finds out.
 *
 * @param endpoint the API server's URL
 * @param tell called after each failed attempt with the seconds that are left
 */
export async function waitForHealthz(endpoint: string, tell: (secondsLeft: number) => void): Promise<void> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (await healthy(`${endpoint}/healthz`)) return;
    tell(((attempts - attempt) * pause) / 1000);
    await sleep(pause);
  }
}

function healthy(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    // The certificate is signed by the cluster's own authority; only whether the server answers is asked here.
    const probe = request(url, { rejectUnauthorized: false, timeout, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    probe.on("timeout", () => probe.destroy());
    probe.on("error", () => resolve(false));
    probe.end();
  });
}

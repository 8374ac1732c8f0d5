import { createRequire } from "node:module";
import { serveProvider } from "../host/server.ts";
import { DaemonCloud } from "./cloud.ts";
import { AwsProvider } from "./provider.ts";

/**
 * A stand-in for `pulumi-resource-aws`: it hands every call to the cloud's daemon, which holds the ledger and refuses
 * what AWS would refuse. Which types and functions there are is the daemon's business.
 */
const sdk = createRequire(import.meta.url)("@pulumi/aws/package.json") as { version: string };

await serveProvider(sdk.version, () => new AwsProvider(new DaemonCloud()));

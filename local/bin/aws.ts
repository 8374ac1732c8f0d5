import { parseArgs } from "node:util";
import { callCloud } from "../plugins/aws/transport.ts";

/** The AWS CLI that the stand-in says it is; the eks component wants at least 2.7.0. */
const version = "2.31.0";

/** A stand-in for the AWS CLI: its version, and `eks get-token`, which kubeconfigs run to log in to a cluster. */
async function main(argv: string[]): Promise<string> {
  const { values, positionals } = parseArgs({ args: argv, options, allowPositionals: true });
  if (values.version) return `aws-cli/${version} istio-lab/local-cloud`;
  if (positionals.join(" ") !== "eks get-token") throw new Error(usage);
  const region = values.region ?? process.env["AWS_REGION"] ?? process.env["AWS_DEFAULT_REGION"];
  if (!region) throw new Error("You must specify a region. Use --region or set AWS_REGION.");
  const cluster = values["cluster-name"];
  if (!cluster) throw new Error("aws: error: the following arguments are required: --cluster-name");
  const principal = values.role ?? values["role-arn"];
  const token = (await callCloud("/token", { cluster, region, ...(principal ? { principal } : {}) })) as {
    token: string;
    expirationTimestamp: string;
  };
  return JSON.stringify({
    kind: "ExecCredential",
    apiVersion: "client.authentication.k8s.io/v1beta1",
    spec: {},
    status: { expirationTimestamp: token.expirationTimestamp, token: token.token },
  });
}

const usage = "this is the local cloud's stand-in for the AWS CLI: it has only --version and eks get-token";

const options = {
  version: { type: "boolean" },
  region: { type: "string" },
  "cluster-name": { type: "string" },
  role: { type: "string" },
  "role-arn": { type: "string" },
  profile: { type: "string" },
  output: { type: "string" },
} as const;

try {
  console.log(await main(process.argv.slice(2)));
} catch (error) {
  const unknownOption = (error as NodeJS.ErrnoException).code?.startsWith("ERR_PARSE_ARGS");
  console.error(unknownOption ? usage : (error as Error).message);
  process.exitCode = 255;
}

/** What must hold of a cluster that another's istiod serves. */
import assert from "node:assert/strict";
import { eventually, sh, type Stack } from "./shell.ts";

/** Proxies of the remote whose names begin so are connected to the primary's istiod. */
export async function servedFrom(
  stack: Stack,
  primary: string,
  remote: string,
  names: readonly string[],
): Promise<void> {
  await eventually(30, async () => {
    const table = await stack.istioctl(primary, "proxy-status");
    for (const name of names)
      assert.match(table, new RegExp(`^${name}\\S+ +${remote} `, "m"), `${name} of the remote in:\n${table}`);
  });
}

/** The remote's proxies ask at the primary's gateway to istiod, and what they get is signed by the primary's authority. */
export async function certifiedFrom(stack: Stack, primary: string, remote: string): Promise<void> {
  const address = "jsonpath={.spec.externalName}";
  const service = await stack.kubectl(remote, `get service istiod-remote -n istio-system -o ${address}`);
  assert.equal(service.trim(), await stack.outputOf(primary, "istiodHostname"));
  const secret = await stack.istioctl(remote, "proxy-config secret deploy/curl -n curl -o json");
  const { dynamicActiveSecrets } = JSON.parse(secret) as { dynamicActiveSecrets: TlsSecret[] };
  const chain = dynamicActiveSecrets.find(({ name }) => name === "default")?.secret.tlsCertificate?.certificateChain;
  const signer = await sh(`echo '${chain?.inlineBytes ?? ""}' | base64 -d | openssl x509 -noout -issuer`);
  assert.match(signer.stdout, new RegExp(`Intermediate CA of ${primary}`));
}

interface TlsSecret {
  readonly name: string;
  readonly secret: { readonly tlsCertificate?: { readonly certificateChain: { readonly inlineBytes: string } } };
}

import { networkingApi } from "../../../../istio/object.ts";
import { partnerOf, partnerPort } from "../../../../lab/exercise/partner.ts";
import { serviceEntryNone } from "../../../../lab/exercise/set/service-entry-none.ts";
import { apply, remove } from "../../../../lab/exercise/step.ts";
import { partnerTrial } from "../partner.ts";
import { tries } from "../trial.ts";

const partner = partnerOf(serviceEntryNone.name);
const { entry, gone, mesh, wrong } = partnerTrial(serviceEntryNone, "NONE");

tries(serviceEntryNone, {
  before: mesh,
  solved: mesh,
  right: [
    {
      title: "without the words that are the default",
      steps: ({ near }) => [
        ...remove(near.name, gone),
        ...apply(near.name, {
          apiVersion: networkingApi,
          kind: "ServiceEntry",
          metadata: { name: "partner", namespace: partner.space },
          spec: { hosts: [partner.wildcard], ports: [{ number: partnerPort, name: "http", protocol: "HTTP" }] },
        }),
      ],
    },
  ],
  wrong: [
    ...wrong,
    {
      title: "by writing an address down",
      steps: ({ near }) =>
        apply(near.name, entry("partner", { resolution: "STATIC", endpoints: [{ address: "10.0.0.1" }] })),
      says: /Which resolution takes its word/,
    },
    {
      title: "by having the proxy look each host up",
      steps: ({ near }) => apply(near.name, entry("partner", { resolution: "DYNAMIC_DNS" })),
      says: /Which resolution takes its word/,
    },
  ],
});

import { serviceEntryDynamicDns } from "../../../../lab/exercise/set/service-entry-dynamic-dns.ts";
import { apply } from "../../../../lab/exercise/step.ts";
import { partnerTrial } from "../partner.ts";
import { tries } from "../trial.ts";

const { entry, mesh, wrong } = partnerTrial(serviceEntryDynamicDns, "DYNAMIC_DNS");

tries(serviceEntryDynamicDns, {
  before: mesh,
  solved: mesh,
  wrong: [
    ...wrong,
    {
      title: "by taking the application's word",
      steps: ({ near }) => apply(near.name, entry("partner", { resolution: "NONE" })),
      says: /^The word of the application[^]*ends there\. The host that it names is to answer/,
    },
    {
      title: "by writing an address down",
      steps: ({ near }) =>
        apply(near.name, entry("partner", { resolution: "STATIC", endpoints: [{ address: "10.0.0.1" }] })),
      says: /^The word of the application is not to be taken/,
    },
  ],
  unexpected: [
    {
      title: "though another host answers",
      sight: {
        call: (call, world) =>
          call.url.endsWith("/hostname")
            ? { status: 200, body: '{ "hostname": "second-pod-2" }' }
            : mesh.call(call, world),
      },
      says: /ends there\. The host that it names is to answer/,
    },
  ],
});

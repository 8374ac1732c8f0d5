import type * as laws from "../../../policy/laws/revisions.ts";
import { withInputs } from "../mistakes.ts";
import { without, type Twins } from "./twin.ts";

const canary = "stacks/canary.yaml";

const canaryTag = { stack: canary, name: "primary-istio-tag-canary" };

const namespaceType = "kubernetes:core/v1:Namespace";

const labelled = (labels: Readonly<Record<string, string>>) => ({ name: "x", labels });

export const twins: Twins<typeof laws> = {
  revisionTagsLeadToAnIstiod: [
    {
      ...canaryTag,
      change: withInputs({ metadata: labelled({ "istio.io/tag": "canary", "istio.io/rev": "1-31-0" }) }),
    },
    { ...canaryTag, change: without("primary-istio-istiod-1-31-1") },
    {
      stack: canary,
      name: "primary-istio-istiod-1-31-1",
      change: withInputs({ name: "istiod-1-31-2" }),
      about: /primary-istio-tag-canary leads to no control plane/,
    },
  ],
  podsFollowTheirRevision: [
    { stack: canary, name: "primary-curl", type: namespaceType, change: without("primary-istio-tag-canary") },
    {
      stack: canary,
      name: "primary-helloworld",
      type: namespaceType,
      change: withInputs({ metadata: labelled({ "istio.io/rev": "other" }) }),
    },
    {
      stack: canary,
      name: "primary-ingress",
      type: "kubernetes:helm.sh/v3:Release",
      change: without("primary-istio-tag-stable"),
    },
  ],
};

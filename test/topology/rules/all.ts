/** The cases of all rules, by code. */
import { accessCases } from "./access.ts";
import type { RuleCases } from "./case.ts";
import { clusterCases } from "./clusters.ts";
import { existingCases } from "./existing.ts";
import { federationCases } from "./federation.ts";
import { globalIngressCases } from "./global-ingress.ts";
import { meshCases } from "./meshes.ts";
import { networkCases } from "./networks.ts";
import { observabilityCases } from "./observability.ts";
import { outsideCases } from "./outside.ts";
import { platformCases } from "./platform.ts";
import { resilienceCases } from "./resilience.ts";
import { revisionCases } from "./revisions.ts";
import { tenantCases } from "./tenants.ts";
import { trustCases } from "./trust.ts";
import { versionCases } from "./versions.ts";

export const cases: RuleCases = {
  ...clusterCases,
  ...networkCases,
  ...accessCases,
  ...globalIngressCases,
  ...meshCases,
  ...federationCases,
  ...resilienceCases,
  ...observabilityCases,
  ...outsideCases,
  ...tenantCases,
  ...revisionCases,
  ...trustCases,
  ...versionCases,
  ...platformCases,
  ...existingCases,
};

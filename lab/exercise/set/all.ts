/** Every exercise, in the order in which they are best learned from. */
import type { Exercise } from "../exercise.ts";
import { authorization } from "./authorization.ts";
import { canaryUpgrade } from "./canary-upgrade.ts";
import { circuitBreaking } from "./circuit-breaking.ts";
import { clusterTenancy } from "./cluster-tenancy.ts";
import { egressGateway } from "./egress-gateway.ts";
import { externalControlPlane } from "./external-control-plane.ts";
import { failover } from "./failover.ts";
import { faultsAndRetries } from "./faults-and-retries.ts";
import { firstMesh } from "./first-mesh.ts";
import { gatewayApiExercise } from "./gateway-api.ts";
import { haControlPlane } from "./ha-control-plane.ts";
import { identity } from "./identity.ts";
import { ingressGateway } from "./ingress-gateway.ts";
import { ingressTls } from "./ingress-tls.ts";
import { istiodsJobs } from "./istiods-jobs.ts";
import { kialiTour } from "./kiali-tour.ts";
import { mutualTls } from "./mutual-tls.ts";
import { namespaceTenancy } from "./namespace-tenancy.ts";
import { podRequirements } from "./pod-requirements.ts";
import { primaryRemote } from "./primary-remote.ts";
import { retrofitExercise } from "./retrofit.ts";
import { routing } from "./routing.ts";
import { serviceEntryDns } from "./service-entry-dns.ts";
import { serviceEntryDynamicDns } from "./service-entry-dynamic-dns.ts";
import { serviceEntryNone } from "./service-entry-none.ts";
import { serviceEntryStatic } from "./service-entry-static.ts";
import { subsets } from "./subsets.ts";
import { twoClusters } from "./two-clusters.ts";
import { twoMeshes } from "./two-meshes.ts";

export const exercises: readonly Exercise[] = [
  firstMesh,
  istiodsJobs,
  podRequirements,
  retrofitExercise,
  kialiTour,
  routing,
  subsets,
  faultsAndRetries,
  circuitBreaking,
  ingressGateway,
  ingressTls,
  gatewayApiExercise,
  serviceEntryDns,
  serviceEntryStatic,
  serviceEntryNone,
  serviceEntryDynamicDns,
  egressGateway,
  mutualTls,
  authorization,
  namespaceTenancy,
  haControlPlane,
  canaryUpgrade,
  twoClusters,
  identity,
  failover,
  primaryRemote,
  externalControlPlane,
  clusterTenancy,
  twoMeshes,
];
